package io.perch.resourceserver.web;

import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.ErrorResponseException;

/** A request that ends with a problem. The message is shown to the client. */
public class ProblemException extends ErrorResponseException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param type the type of the problem
     * @param detail a text for this occurrence that may be shown to the client
     */
    public ProblemException(ProblemType type, String detail) {
        super(type.status(), type.problem(detail), null);
    }

    /**
     * Adds {@code Retry-After}.
     *
     * @param delay how long to wait; sent in whole seconds, at least one
     * @return this exception
     */
    public ProblemException retryAfter(Duration delay) {
        long seconds = Math.max(1, delay.plusMillis(999).toSeconds());
        getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        return this;
    }
}
