/** POSIX message queues (mq_overview(7)): a file system whose files are queues. */
@NullMarked
package org.usermem.linux.mqueue;

import org.jspecify.annotations.NullMarked;
