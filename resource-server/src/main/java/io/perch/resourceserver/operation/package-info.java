/**
 * Actions of moderators on many tasks at once: retry or cancel everything that matches a filter.
 *
 * <p>An operation is one document. Its states are {@code running}, {@code done} and {@code stopped}; the last two are final. It
 * has a place in the list of the tasks that match, and goes on from there, newest task first, a few tasks at a time. {@code
 * next_at} says when an instance must look at it; the instance that takes it sets a later time, so the others leave it alone. Its step is
 * counted, and progress is stored only on the step that it was read in: an instance that was unavailable too long changes nothing. A
 * task is changed by the same compare-and-set as by a single request, so a step that is done twice changes nothing twice.
 *
 * <p>Only tasks that were there when the moderator saw the count are touched, each at most once.
 *
 * <p>May use: {@code acts}, {@code mongo}, {@code task}, {@code web}.
 */
@NullMarked
package io.perch.resourceserver.operation;

import org.jspecify.annotations.NullMarked;
