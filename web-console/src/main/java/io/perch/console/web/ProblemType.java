package io.perch.console.web;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/**
 * All problem types of the console (RFC 9457). Problems of the APIs are forwarded unchanged. The type URIs are stable,
 * because the pages compare them.
 */
public enum ProblemType {
    /** The request could not be read. */
    INVALID_REQUEST("invalid-request", HttpStatus.BAD_REQUEST, "The request is invalid"),
    /** The request needs a sign-in. */
    UNAUTHORIZED("unauthorized", HttpStatus.UNAUTHORIZED, "Sign in first"),
    /** The session has ended. */
    SESSION_ENDED("session-ended", HttpStatus.UNAUTHORIZED, "The session has ended"),
    /** The request is not from a page of the console, or its CSRF token is missing. */
    FORBIDDEN("forbidden", HttpStatus.FORBIDDEN, "This request is refused"),
    /** The console refuses changes to data of other users. */
    READ_ONLY("read-only", HttpStatus.FORBIDDEN, "The console is read-only"),
    /** The resource does not exist. */
    NOT_FOUND("not-found", HttpStatus.NOT_FOUND, "There is no such resource"),
    /** The resource does not support this method. */
    METHOD_NOT_ALLOWED("method-not-allowed", HttpStatus.METHOD_NOT_ALLOWED, "The resource does not take this method"),
    /** The request body is too large. */
    CONTENT_TOO_LARGE("content-too-large", HttpStatus.CONTENT_TOO_LARGE, "The request body is too large"),
    /** The request body is not JSON. */
    UNSUPPORTED_MEDIA_TYPE(
            "unsupported-media-type",
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "The request body's media type is not supported"),
    /** An error in this server. */
    INTERNAL_ERROR("internal-error", HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side"),
    /** A required server does not answer. {@code Retry-After} has the time to wait. */
    SERVICE_UNAVAILABLE(
            "service-unavailable", HttpStatus.SERVICE_UNAVAILABLE, "The service is temporarily unavailable");

    private final URI type;
    private final HttpStatus status;
    private final String title;

    ProblemType(String slug, HttpStatus status, String title) {
        this.type = URI.create("urn:perch:problem:" + slug);
        this.status = status;
        this.title = title;
    }

    /** Returns the type with this status, or else the general type for 4xx or 5xx. */
    public static ProblemType of(HttpStatusCode status) {
        for (ProblemType type : values()) {
            if (type.status.isSameCodeAs(status)) {
                return type;
            }
        }
        return status.is4xxClientError() ? INVALID_REQUEST : INTERNAL_ERROR;
    }

    /** Returns the HTTP status of this problem. */
    public HttpStatus status() {
        return status;
    }

    /**
     * Creates a problem of this type.
     *
     * @param detail what happened; the user sees it
     */
    public ProblemDetail problem(String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(type);
        problem.setTitle(title);
        return problem;
    }
}
