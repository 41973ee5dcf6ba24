/**
 * The login task: its states, its repository, and its REST API.
 *
 * <p>A submitted login is one document, inserted before anything else happens. The document is the queue and the only truth. An
 * instance claims many tasks at once; each claim counts {@code attempt} up, and only the attempt that holds a task can write its
 * result. A unique index on {@code slot} lets one task of an account run at a time. {@code due_at} says when an instance must look
 * at a task, so nothing that was accepted is forgotten. All of these times are the database's.
 *
 * <p>May use: {@code account}, {@code acts}, {@code crypto}, {@code mongo}, {@code ratelimit}, {@code web}. It publishes
 * {@link io.perch.resourceserver.task.TaskReady} and {@link io.perch.resourceserver.task.TaskChanged} as application events.
 */
@NullMarked
package io.perch.resourceserver.task;

import org.jspecify.annotations.NullMarked;
