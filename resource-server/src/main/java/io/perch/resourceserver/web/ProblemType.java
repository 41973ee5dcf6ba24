package io.perch.resourceserver.web;

import java.net.URI;
import java.util.Arrays;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/** The types of problems in responses (RFC 9457). The type URIs are stable, so clients may compare them. */
public enum ProblemType {
    /** The request could not be read, or a field is invalid; {@code errors} lists the fields. */
    INVALID_REQUEST("invalid-request", HttpStatus.BAD_REQUEST, "The request is invalid"),
    /** The request has no valid access token. */
    UNAUTHORIZED("unauthorized", HttpStatus.UNAUTHORIZED, "A valid access token is required"),
    /** The access token does not allow this. */
    FORBIDDEN("forbidden", HttpStatus.FORBIDDEN, "This is not allowed with your access token"),
    /** The resource does not exist, or belongs to another user. */
    NOT_FOUND("not-found", HttpStatus.NOT_FOUND, "There is no such resource"),
    /** The resource does not support this method; {@code Allow} lists the supported ones. */
    METHOD_NOT_ALLOWED(
            "method-not-allowed", HttpStatus.METHOD_NOT_ALLOWED, "The resource does not support this method"),
    /** The resource's current state does not allow this. */
    CONFLICT("conflict", HttpStatus.CONFLICT, "The resource's state does not allow this"),
    /** The idempotency key was used for another request. */
    IDEMPOTENCY_KEY_REUSED(
            "idempotency-key-reused",
            HttpStatus.UNPROCESSABLE_CONTENT,
            "The idempotency key was used for another request"),
    /** The client accepts no media type that this server can produce. */
    NOT_ACCEPTABLE("not-acceptable", HttpStatus.NOT_ACCEPTABLE, "No acceptable representation is available"),
    /** The request body is too large. */
    CONTENT_TOO_LARGE("content-too-large", HttpStatus.CONTENT_TOO_LARGE, "The request body is too large"),
    /** The request body has a media type that this server does not support. */
    UNSUPPORTED_MEDIA_TYPE(
            "unsupported-media-type",
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "The request body's media type is not supported"),
    /** Too many requests; {@code Retry-After} is the time to wait. */
    TOO_MANY_REQUESTS("too-many-requests", HttpStatus.TOO_MANY_REQUESTS, "Too many requests"),
    /** An error of this server; {@code instance} is its ID in the log. */
    INTERNAL_ERROR("internal-error", HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side"),
    /** A service that this server needs is unavailable; {@code Retry-After} is the time to wait. */
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

    /**
     * Returns the type for a status.
     *
     * @param status any HTTP error status
     * @return the type with this status; if there is none, the general type of its class (4xx or 5xx)
     */
    public static ProblemType of(HttpStatusCode status) {
        ProblemType general = status.is4xxClientError() ? INVALID_REQUEST : INTERNAL_ERROR;
        return Arrays.stream(values())
                .filter(type -> type.status.isSameCodeAs(status))
                .findFirst()
                .orElse(general);
    }

    /** Returns the HTTP status of this type. */
    public HttpStatus status() {
        return status;
    }

    /** Returns the title, which is the same for all problems of this type. */
    public String title() {
        return title;
    }

    /**
     * Creates a problem of this type.
     *
     * @param detail a text for this occurrence that may be shown to the client
     * @return a problem with type, title, status and detail
     */
    public ProblemDetail problem(String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(type);
        problem.setTitle(title);
        return problem;
    }
}
