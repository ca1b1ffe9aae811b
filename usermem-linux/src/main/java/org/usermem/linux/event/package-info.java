/** Descriptors that stand for events: timerfd_create(2) and signalfd(2). */
@NullMarked
package org.usermem.linux.event;

import org.jspecify.annotations.NullMarked;
