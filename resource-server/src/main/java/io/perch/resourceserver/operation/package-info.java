/**
 * Actions of moderators on many tasks: retry or cancel all tasks that match a filter.
 *
 * <p>An operation is one document. Its states are {@code running}, {@code done} and {@code stopped}; the last two are final. It
 * stores a position in the list of matching tasks and continues from there, newest task first, a few tasks per step. {@code
 * next_at} is the time at which an instance must run the next step. The instance that claims it sets a later time, so other
 * instances do not run it. Progress is saved only if the step number is unchanged since it was read, so an instance that was
 * delayed too long saves nothing. A task is changed by the same compare-and-set as in a single request, so a repeated step has no
 * further effect.
 *
 * <p>Only tasks that existed when the moderator counted them are changed, each at most once.
 *
 * <p>May use: {@code acts}, {@code mongo}, {@code task}, {@code web}.
 */
@NullMarked
package io.perch.resourceserver.operation;

import org.jspecify.annotations.NullMarked;
