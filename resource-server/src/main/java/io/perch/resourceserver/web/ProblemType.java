package io.perch.resourceserver.web;

import java.net.URI;
import java.util.Arrays;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/**
 * Every kind of problem that this server answers with (RFC 9457). The type URIs are stable: clients may compare them.
 */
public enum ProblemType {
    /** The request could not be read, or a field of it is invalid; {@code errors} names each. */
    INVALID_REQUEST("invalid-request", HttpStatus.BAD_REQUEST, "The request is invalid"),
    /** No valid access token came with the request. */
    UNAUTHORIZED("unauthorized", HttpStatus.UNAUTHORIZED, "A valid access token is required"),
    /** The access token does not allow this. */
    FORBIDDEN("forbidden", HttpStatus.FORBIDDEN, "This is not allowed with your access token"),
    /** There is no such thing, or it belongs to someone else. */
    NOT_FOUND("not-found", HttpStatus.NOT_FOUND, "There is no such resource"),
    /** The resource does not take this method; {@code Allow} names those it does. */
    METHOD_NOT_ALLOWED("method-not-allowed", HttpStatus.METHOD_NOT_ALLOWED, "The resource does not take this method"),
    /** The resource's state does not allow this now. */
    CONFLICT("conflict", HttpStatus.CONFLICT, "The resource's state does not allow this"),
    /** The idempotency key was used for another request. */
    IDEMPOTENCY_KEY_REUSED(
            "idempotency-key-reused",
            HttpStatus.UNPROCESSABLE_CONTENT,
            "The idempotency key was used for another request"),
    /** The client accepts nothing that this server can produce. */
    NOT_ACCEPTABLE("not-acceptable", HttpStatus.NOT_ACCEPTABLE, "No acceptable representation is available"),
    /** The request body is too large. */
    CONTENT_TOO_LARGE("content-too-large", HttpStatus.CONTENT_TOO_LARGE, "The request body is too large"),
    /** The request body is of a type that this server does not read. */
    UNSUPPORTED_MEDIA_TYPE(
            "unsupported-media-type",
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "The request body's media type is not supported"),
    /** Too many requests; {@code Retry-After} has the time to wait. */
    TOO_MANY_REQUESTS("too-many-requests", HttpStatus.TOO_MANY_REQUESTS, "Too many requests"),
    /** A fault of this server; {@code instance} is its key in the log. */
    INTERNAL_ERROR("internal-error", HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side"),
    /** A service that this server needs is unavailable; {@code Retry-After} has the time to wait. */
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
     * The type for a status.
     *
     * @param status any HTTP error status
     * @return the type for exactly this status, or else the general one of its class (4xx or 5xx)
     */
    public static ProblemType of(HttpStatusCode status) {
        ProblemType general = status.is4xxClientError() ? INVALID_REQUEST : INTERNAL_ERROR;
        return Arrays.stream(values())
                .filter(type -> type.status.isSameCodeAs(status))
                .findFirst()
                .orElse(general);
    }

    /** Returns the status that goes with this problem. */
    public HttpStatus status() {
        return status;
    }

    /** Returns the short text that is the same for every problem of this type. */
    public String title() {
        return title;
    }

    /**
     * Makes a problem of this type.
     *
     * @param detail what happened this time, fit to be shown to the client
     * @return a problem whose type, title and status are set
     */
    public ProblemDetail problem(String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(type);
        problem.setTitle(title);
        return problem;
    }
}
