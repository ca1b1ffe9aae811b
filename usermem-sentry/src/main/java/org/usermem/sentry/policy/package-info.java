/**
 * The layer policy as data: which layer a module belongs to, what it may name and require, and
 * which rights it has.
 *
 * <p>A policy is a text ({@link org.usermem.sentry.policy.PolicyReader} documents the format); the
 * one that ships is the resource {@code default.policy} of this package. Nothing here enforces
 * anything: {@code org.usermem.sentry.check} reads class files against a policy, the assembly
 * grants and refuses by it at run time.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.sentry.policy;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
