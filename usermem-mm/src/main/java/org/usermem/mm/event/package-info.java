/**
 * What address spaces tell the flight recorder. Nothing is asked of anybody, and nothing is
 * written, while no recording wants an event: the virtual machine then compiles the questions away.
 * Until the first recording the events are not even loaded, as {@link
 * jdk.jfr.FlightRecorder#isInitialized} is asked first: to load one makes the recorder describe all
 * events that there are, which is a fifth of the time of a small program.
 *
 * <p>Events are not exported: who reads a recording finds them by their names, {@code usermem.Copy}
 * and so on. They are committed on the thread of the task that they are about.
 */
@NullMarked
package org.usermem.mm.event;

import org.jspecify.annotations.NullMarked;
