/**
 * Installs plug-ins: each is copied, checked, defined in a module layer of its own, granted its
 * rights, started, and taken away again without a trace.
 *
 * <p>{@link org.usermem.sentry.install.PluginHost} does one thing at a time, under one lock; the
 * framework's own locks are inside it. No guest waits for that lock.
 */
@NullMarked
package org.usermem.sentry.install;

import org.jspecify.annotations.NullMarked;
