/**
 * Starting a program: which file is executed in the end, where its segments, its interpreter and
 * its stack go, and what it finds there. Follows fs/exec.c, fs/binfmt_elf.c and fs/binfmt_script.c.
 */
@NullMarked
@Version("0.1.0")
package org.usermem.linux.exec;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
