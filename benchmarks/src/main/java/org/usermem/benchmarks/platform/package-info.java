/** What it costs to get from guest code to the sentry and back. */
@NullMarked
package org.usermem.benchmarks.platform;

import org.jspecify.annotations.NullMarked;
