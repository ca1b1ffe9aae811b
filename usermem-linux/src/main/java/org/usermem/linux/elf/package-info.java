/**
 * What an executable says about itself: ELF files of x86-64 and {@code #!} scripts, parsed from
 * bytes that nobody has vouched for. A file that is not what it claims gets {@code ENOEXEC};
 * parsing maps nothing and loads nothing.
 */
@NullMarked
package org.usermem.linux.elf;

import org.jspecify.annotations.NullMarked;
