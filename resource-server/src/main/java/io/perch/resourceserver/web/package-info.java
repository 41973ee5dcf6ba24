/**
 * Common parts of all HTTP responses: problems (RFC 9457), the limit for request bodies, pages, the greeting, and the API's
 * description.
 *
 * <p>Every error, in Tomcat's parser, a filter or a controller, has the same format: {@code application/problem+json} with a
 * stable {@code type} from {@link io.perch.resourceserver.web.ProblemType}. Internal details are only in the log. The problem's
 * {@code instance} identifies the log entry of an internal error.
 *
 * <p>May use: Spring MVC. Does not depend on features.
 */
@NullMarked
package io.perch.resourceserver.web;

import org.jspecify.annotations.NullMarked;
