/**
 * Server-sent events for a user's tasks (HTML standard, section 9.2).
 *
 * <p>A stream is registered first. Then it sends the current state of the tasks, and after that every {@link
 * io.perch.resourceserver.task.TaskSnapshot} of a change, from any instance. An update may arrive twice, late or not at all. So a
 * client gets a version of a task only if it is higher than the last one that was sent. Tasks that are not final in the state
 * that the client has are read again from time to time, in case an update was lost. The event ID contains what the client has
 * received. So it can reconnect to any instance with {@code Last-Event-ID}, and no instance stores this. What it missed is read and
 * sent in parts, so that the number of changes needs no memory.
 *
 * <p>Streams use the servlet's non-blocking I/O and not Spring's {@code SseEmitter}, whose writes block. A client that does not
 * read would block a thread until the server closes the connection after 20 seconds. Where the number of threads is limited, as
 * on JDK 17, a few such clients would block all others. Here no stream needs its own thread. Data that cannot be written at once
 * waits in the stream's bounded queue until the connection accepts more. When the queue is full, the stream ends.
 *
 * <p>May use: {@code task}, {@code security} (whether a session has ended), {@code web}. No package uses it.
 */
@NullMarked
package io.perch.resourceserver.live;

import org.jspecify.annotations.NullMarked;
