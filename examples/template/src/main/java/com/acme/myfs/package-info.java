/** A file system with one file that says hello: {@code mount -t myfs none /mnt}. */
@NullMarked
package com.acme.myfs;

import org.jspecify.annotations.NullMarked;
