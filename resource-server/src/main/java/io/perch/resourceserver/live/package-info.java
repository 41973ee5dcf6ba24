/**
 * The live view of a user's tasks: server-sent events, as the HTML standard's section 9.2 has them.
 *
 * <p>A client that opens a stream is entered first, is then sent how its tasks stand, and from then on every change that
 * {@link io.perch.resourceserver.task.TaskSnapshot} brings, whichever instance made it. An update may come twice, late or not at
 * all; a client is sent a version of a task only if it is higher than the last one it got, and the tasks that it has to
 * believe to be open are read again from time to time, in case that an update was lost. The id of an event says how
 * far the client is, so that it may come back with {@code Last-Event-ID} to any instance, and none has to remember it.
 *
 * <p>Streams are written to by the servlet's non-blocking I/O, and not by Spring's {@code SseEmitter}, whose writes block:
 * a client that does not read would hold a thread until the server gives its connection up (20 s), and where threads are
 * counted, as on JDK 17, a few such clients would hold up all others. Here no stream has a thread. What cannot be written
 * at once waits in the stream's own bounded queue until the connection takes more, and when the queue is full, the stream
 * ends.
 *
 * <p>May use: {@code task}, {@code security} (whether a session has ended), {@code web}. Nobody uses it.
 */
@NullMarked
package io.perch.resourceserver.live;

import org.jspecify.annotations.NullMarked;
