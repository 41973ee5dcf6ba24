/**
 * Sends errors to Sentry if {@code SENTRY_DSN} is set.
 *
 * <p>Sentry's log appender sends each log event of level {@code ERROR}, from requests and from background jobs. Sentry's Spring
 * integration configures it. Nothing of Sentry is started without a DSN.
 *
 * <p>A report has no personal data and no secret. Messages of exceptions, arguments of log events and the request can have both, so
 * {@link io.perch.resourceserver.sentry.ReportMinimizer} removes them. What remains shows where the error is: types, stack traces, the
 * logger and the constant text of the log event.
 *
 * <p>Uses no other package, and no other package uses it.
 */
@NullMarked
package io.perch.resourceserver.sentry;

import org.jspecify.annotations.NullMarked;
