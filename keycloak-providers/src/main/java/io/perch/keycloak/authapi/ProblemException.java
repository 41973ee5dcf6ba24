package io.perch.keycloak.authapi;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends a call with a problem. {@link Dispatcher} turns it into a response. It must not leave this package: if an exception leaves
 * the resource, Keycloak rolls back the request's transaction.
 */
final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    private ProblemException(Problem problem, Map<String, String> headers) {
        super(problem.title(), null, false, false);
        this.problem = problem;
        this.headers = headers;
    }

    static ProblemException of(ProblemType type) {
        return of(Problem.of(type));
    }

    static ProblemException of(ProblemType type, @Nullable String detail) {
        return of(Problem.of(type, detail));
    }

    static ProblemException of(List<FieldError> errors) {
        return of(Problem.of(errors));
    }

    static ProblemException of(Problem problem) {
        return new ProblemException(problem, Map.of());
    }

    /** With a header, such as a challenge. */
    static ProblemException of(Problem problem, String header, String value) {
        return new ProblemException(problem, Map.of(header, value));
    }

    Problem problem() {
        return problem;
    }

    Map<String, String> headers() {
        return headers;
    }
}
