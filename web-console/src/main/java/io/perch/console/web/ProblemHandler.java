package io.perch.console.web;

import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Answers exceptions of controllers with a problem (RFC 9457). */
@RestControllerAdvice
class ProblemHandler extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

    @ExceptionHandler
    ResponseEntity<Object> problem(ProblemException problem, WebRequest request) {
        return answer(problem.getBody(), problem.getHeaders(), problem.getStatusCode());
    }

    @ExceptionHandler
    ResponseEntity<Object> fault(Exception fault, WebRequest request) {
        UUID key = UUID.randomUUID();
        log.error("error_id={}", key, fault);
        ProblemDetail body = ProblemType.INTERNAL_ERROR.problem("The log of the server has the reason");
        body.setInstance(URI.create("urn:uuid:" + key));
        return answer(body, new HttpHeaders(), HttpStatus.INTERNAL_SERVER_ERROR);
    }

    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception exception,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return answer(ProblemType.of(status).problem("The request is refused"), headers, status);
    }

    private static ResponseEntity<Object> answer(ProblemDetail body, HttpHeaders headers, HttpStatusCode status) {
        return ResponseEntity.status(status)
                .headers(headers)
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(body);
    }
}
