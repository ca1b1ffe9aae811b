/** Waiting for many files at once: poll(2), select(2), epoll(7); fs/select.c, fs/eventpoll.c. */
@NullMarked
package org.usermem.linux.poll;

import org.jspecify.annotations.NullMarked;
