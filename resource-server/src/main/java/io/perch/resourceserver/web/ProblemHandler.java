package io.perch.resourceserver.web;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Answers every exception that leaves a controller with a problem (RFC 9457). */
@RestControllerAdvice
class ProblemHandler extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    /** The database is unavailable: nothing was done, and trying again is right. */
    @ExceptionHandler({DataAccessResourceFailureException.class, TransientDataAccessException.class})
    @Nullable
    ResponseEntity<Object> handleDatabaseAway(Exception exception, WebRequest request) {
        log.warn("The database is unavailable: {}", exception.getMessage());
        ProblemException problem = new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "The database does not answer")
                .retryAfter(RETRY_DELAY);
        return handleErrorResponseException(problem, problem.getHeaders(), problem.getStatusCode(), request);
    }

    /** The firewall looks at headers and parameters only when they are read, which can be as late as here. */
    @ExceptionHandler(RequestRejectedException.class)
    @Nullable
    ResponseEntity<Object> handleRejected(RequestRejectedException exception, WebRequest request) {
        ProblemException problem = new ProblemException(
                ProblemType.INVALID_REQUEST,
                "A header or a parameter of the request has characters that are not allowed");
        return handleErrorResponseException(problem, problem.getHeaders(), problem.getStatusCode(), request);
    }

    /** A form is read by the container, when its first parameter is asked for. */
    @ExceptionHandler(InvalidParameterException.class)
    @Nullable
    ResponseEntity<Object> handleUnreadableForm(InvalidParameterException exception, WebRequest request) {
        boolean tooLarge = exception.getErrorCode() == HttpStatus.CONTENT_TOO_LARGE.value();
        ProblemException problem = new ProblemException(
                tooLarge ? ProblemType.CONTENT_TOO_LARGE : ProblemType.INVALID_REQUEST,
                tooLarge ? "The form is too large" : "The form could not be read");
        return handleErrorResponseException(problem, problem.getHeaders(), problem.getStatusCode(), request);
    }

    /** For example, the header {@code Content-Type} has no boundary. */
    @ExceptionHandler(MultipartException.class)
    @Nullable
    ResponseEntity<Object> handleUnreadableMultipart(MultipartException exception, WebRequest request) {
        ProblemException problem =
                new ProblemException(ProblemType.INVALID_REQUEST, "The multipart form could not be read");
        return handleErrorResponseException(problem, problem.getHeaders(), problem.getStatusCode(), request);
    }

    /** Spring Security's own filter answers this one; it knows whether a token came at all. */
    @ExceptionHandler(AccessDeniedException.class)
    ResponseEntity<Object> passOn(AccessDeniedException exception) {
        throw exception;
    }

    /** Anything unforeseen: the client gets a key, the log gets the story. */
    @ExceptionHandler(Exception.class)
    @Nullable
    ResponseEntity<Object> handleFault(Exception exception, WebRequest request) {
        URI instance = URI.create("urn:uuid:" + UUID.randomUUID());
        log.error("Internal error {}", instance, exception);
        ProblemDetail problem = ProblemType.INTERNAL_ERROR.problem(
                "The fault was recorded; name this problem's instance when you report it");
        problem.setInstance(instance);
        HttpStatusCode status = ProblemType.INTERNAL_ERROR.status();
        return handleExceptionInternal(exception, problem, new HttpHeaders(), status, request);
    }

    /** {@code HEAD} is answered wherever {@code GET} is (RFC 9110 section 9.3.2), so {@code Allow} names both. */
    @Override
    protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
            HttpRequestMethodNotSupportedException exception,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        HttpHeaders answer = HttpHeaders.copyOf(headers);
        Set<HttpMethod> allowed = new LinkedHashSet<>(headers.getAllow());
        if (allowed.contains(HttpMethod.GET)) {
            allowed.add(HttpMethod.HEAD);
        }
        answer.setAllow(allowed);
        return handleExceptionInternal(exception, null, answer, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException exception, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail problem = InvalidFields.of(exception.getBindingResult());
        return handleExceptionInternal(exception, problem, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException exception,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return handleExceptionInternal(exception, InvalidFields.of(exception), headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException exception, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail problem = InvalidFields.ofUnreadable(exception.getCause());
        return handleExceptionInternal(exception, problem, headers, status, request);
    }

    /** Gives every problem that Spring made itself one of our types. */
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemType type = ProblemType.of(status);
        ProblemDetail problem = body instanceof ProblemDetail detail
                ? detail
                : type.problem(type.status().getReasonPhrase());
        if (problem.getType() == null || !problem.getType().toString().startsWith("urn:perch:")) {
            String detail = type == ProblemType.NOT_FOUND ? "There is nothing at this path" : problem.getDetail();
            problem = type.problem(detail == null ? type.status().getReasonPhrase() : detail);
            problem.setStatus(status.value());
        }
        return ResponseEntity.status(status)
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
