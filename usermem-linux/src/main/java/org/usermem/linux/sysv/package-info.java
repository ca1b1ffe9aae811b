/**
 * What System V communication keeps: semaphores, messages, and the numbers they are found by. The
 * segments of shared memory are the memory manager's.
 */
@NullMarked
package org.usermem.linux.sysv;

import org.jspecify.annotations.NullMarked;
