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

/** Responds to every exception of a controller with a problem (RFC 9457). */
@RestControllerAdvice
class ProblemHandler extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    /** The database is unavailable. Nothing was changed, so the client may retry. */
    @ExceptionHandler({DataAccessResourceFailureException.class, TransientDataAccessException.class})
    @Nullable
    ResponseEntity<Object> handleDatabaseUnavailable(Exception exception, WebRequest request) {
        log.warn("The database is unavailable: {}", exception.getMessage());
        ProblemException problem = new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "The database does not answer")
                .retryAfter(RETRY_DELAY);
        return handleErrorResponseException(problem, problem.getHeaders(), problem.getStatusCode(), request);
    }

    /** The firewall checks headers and parameters only when they are read, which may be as late as in a controller. */
    @ExceptionHandler(RequestRejectedException.class)
    @Nullable
    ResponseEntity<Object> handleRejected(RequestRejectedException exception, WebRequest request) {
        ProblemException problem = new ProblemException(
                ProblemType.INVALID_REQUEST,
                "A header or a parameter of the request has characters that are not allowed");
        return handleErrorResponseException(problem, problem.getHeaders(), problem.getStatusCode(), request);
    }

    /** The container parses a form when its first parameter is read. */
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

    /** Spring Security's own filter handles this exception, because it can check whether the request has a token. */
    @ExceptionHandler(AccessDeniedException.class)
    ResponseEntity<Object> rethrow(AccessDeniedException exception) {
        throw exception;
    }

    /** Any unexpected exception: the response contains only an ID, and the log contains the exception with this ID. */
    @ExceptionHandler(Exception.class)
    @Nullable
    ResponseEntity<Object> handleFault(Exception exception, WebRequest request) {
        URI instance = URI.create("urn:uuid:" + UUID.randomUUID());
        log.error("Internal error {}", instance, exception);
        ProblemDetail problem = ProblemType.INTERNAL_ERROR.problem(
                "The error was logged. Include this problem's instance when you report it");
        problem.setInstance(instance);
        HttpStatusCode status = ProblemType.INTERNAL_ERROR.status();
        return handleExceptionInternal(exception, problem, new HttpHeaders(), status, request);
    }

    /** {@code HEAD} is supported wherever {@code GET} is (RFC 9110 section 9.3.2), so {@code Allow} contains both. */
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

    /** Replaces the type of problems that Spring created with one of {@link ProblemType}. */
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
