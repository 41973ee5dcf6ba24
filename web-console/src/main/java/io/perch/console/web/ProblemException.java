package io.perch.console.web;

import java.io.Serial;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;

/** Ends a request with a problem (RFC 9457). */
public final class ProblemException extends RuntimeException implements ErrorResponse {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    private final transient ProblemDetail body;
    private final transient HttpHeaders headers = new HttpHeaders();

    /**
     * Creates the exception.
     *
     * @param detail what happened; the user sees it
     */
    public ProblemException(ProblemType type, String detail) {
        super(detail);
        this.body = type.problem(detail);
        if (type == ProblemType.SERVICE_UNAVAILABLE) {
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(RETRY_DELAY.toSeconds()));
        }
    }

    /** The session of the request has ended, here or at Keycloak. */
    public static ProblemException sessionEnded() {
        return new ProblemException(ProblemType.SESSION_ENDED, "Your session has ended. Sign in again");
    }

    /** A required server does not answer. */
    public static ProblemException unavailable(String server) {
        return new ProblemException(ProblemType.SERVICE_UNAVAILABLE, server + " does not answer");
    }

    @Override
    public HttpStatusCode getStatusCode() {
        return HttpStatusCode.valueOf(body.getStatus());
    }

    @Override
    public ProblemDetail getBody() {
        return body;
    }

    @Override
    public HttpHeaders getHeaders() {
        return headers;
    }
}
