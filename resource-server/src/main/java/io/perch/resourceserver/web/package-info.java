/**
 * What every HTTP answer has in common: problems (RFC 9457), limits of the request body, pages, the greeting, and the
 * API's description.
 *
 * <p>Whatever goes wrong, at whatever depth (Tomcat's parser, a filter, a controller), the client reads one shape:
 * {@code application/problem+json} with a stable {@code type} from {@link io.perch.resourceserver.web.ProblemType}. Only
 * the log has what happened inside; where a person needs to find it, the problem's {@code instance} is its key.
 *
 * <p>May use: Spring MVC. Knows nothing of the features.
 */
@NullMarked
package io.perch.resourceserver.web;

import org.jspecify.annotations.NullMarked;
