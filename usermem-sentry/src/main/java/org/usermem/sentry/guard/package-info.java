/**
 * Stands between the VFS and the file systems and devices of plug-ins. To the VFS a guarded file
 * system is an ordinary one. When its plug-in stops, the guard lets go of every object of the
 * plug-in: from then on files that are open answer ENODEV, waiters are woken, mapped pages are
 * SIGBUS, and the plug-in's classes can be collected although a guest still holds descriptors.
 *
 * <p>An exception of a plug-in that is no errno becomes EIO: a defect of a plug-in must not end the
 * task that called it.
 *
 * <p>Locks: that of a guard is held for nothing but its own tables. That of a {@link
 * org.usermem.sentry.guard.GuardedMappable} is taken where a mappable's lock is (below the mapping
 * lock of an address space, above its active lock), and held while it invalidates.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.sentry.guard;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
