/**
 * System calls on tasks: making, executing, waiting, ending; identity, groups, limits, scheduling,
 * prctl.
 */
@NullMarked
package org.usermem.linux.process;

import org.jspecify.annotations.NullMarked;
