/**
 * Reads modules against a policy before any class of theirs is defined.
 *
 * <p>{@link org.usermem.sentry.check.PluginCheck} is the way in: it is given the jars of one
 * plug-in and answers with every rule that they break. It reads module descriptors, manifests and,
 * with the Class-File API, the whole constant pool of every class: what a class can link to by
 * itself is in there. It defines nothing, runs nothing and needs no OSGi framework, so a third
 * party can run it in a build of its own.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.sentry.check;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
