/**
 * The login task: its states, its store, and its REST face.
 *
 * <p>A submitted login is one document, inserted before anything else happens: that insert is the outbox. From then on
 * the document is the only truth. Whoever runs a task claims it first, which only one can; every claim counts
 * {@code attempt} up, and a result is only written by the attempt that it belongs to. Of an account's tasks one runs at a
 * time: a lease document, with the account as its id, goes with every claim. A claim holds as long as its lease is
 * renewed, and {@code due_at} tells when a task that is not final needs somebody's attention, so that nothing that was
 * accepted is forgotten. All of these times are the database's.
 *
 * <p>May use: {@code account}, {@code crypto}, {@code ratelimit}, {@code web}. It tells of tasks that want to be run by
 * the event {@link io.perch.resourceserver.task.TaskReady}, and of every change by
 * {@link io.perch.resourceserver.task.TaskChanged}, and does not know who listens.
 */
@NullMarked
package io.perch.resourceserver.task;

import org.jspecify.annotations.NullMarked;
