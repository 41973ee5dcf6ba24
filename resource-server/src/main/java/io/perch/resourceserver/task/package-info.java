/**
 * The login task: its states, its store, and its REST face.
 *
 * <p>A submitted login is one document, inserted before anything else happens: that insert is the outbox. From then on
 * the document is the only truth. Whoever runs a task claims it first, which only one can; every claim counts
 * {@code attempt} up, and a result is only written by the attempt that it belongs to. {@code due_at} tells when a task
 * that is not final needs somebody's attention, so that nothing that was accepted is forgotten.
 *
 * <p>May use: {@code account}, {@code ratelimit}, {@code web}. It tells of new tasks by the event
 * {@link io.perch.resourceserver.task.TaskSubmitted}, and does not know who listens.
 */
@NullMarked
package io.perch.resourceserver.task;

import org.jspecify.annotations.NullMarked;
