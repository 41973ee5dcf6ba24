/**
 * The login task: its states, its repositories, and its REST API.
 *
 * <p>A submitted login is one document, which is inserted before anything else happens. The document is the queue and the only
 * source of truth. An instance claims many tasks at once. Each claim increments {@code attempt}, and only the current attempt can
 * store its result. A unique index on {@code slot} allows one running task per account. {@code due_at} is the time at which an
 * instance must process a task, so no accepted task is forgotten. All these times are the database's.
 *
 * <p>{@code TaskCollection} declares the collection and its indexes. Each repository has the queries of one purpose.
 *
 * <p>May use: {@code account}, {@code acts}, {@code crypto}, {@code mongo}, {@code ratelimit}, {@code web}. It publishes {@link
 * io.perch.resourceserver.task.TaskReady} and {@link io.perch.resourceserver.task.TaskChanged} as application events.
 */
@NullMarked
package io.perch.resourceserver.task;

import org.jspecify.annotations.NullMarked;
