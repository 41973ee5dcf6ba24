package io.perch.resourceserver.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.http.ProblemDetail;
import org.springframework.validation.BindingResult;
import org.springframework.validation.method.MethodValidationResult;
import org.springframework.validation.method.ParameterValidationResult;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Converts errors of validation and JSON parsing to the {@code errors} of a problem. */
final class InvalidFields {

    private static final Pattern CAMEL_HUMP = Pattern.compile("([a-z0-9])([A-Z])");

    private static final String UNKNOWN_FIELD = "is not a field of this request";

    private InvalidFields() {}

    /** Lists every invalid field of a request body. */
    static ProblemDetail of(BindingResult result) {
        List<FieldError> errors = new ArrayList<>();
        result.getFieldErrors().stream()
                .filter(error -> !error.getField().equals(StrictBody.UNKNOWN_FIELDS))
                .map(error -> FieldError.ofProperty(jsonName(error.getField()), message(error)))
                .forEach(errors::add);
        if (result.getTarget() instanceof StrictBody body) {
            body.unknownFields().keySet().stream()
                    .map(name -> FieldError.ofProperty(name, UNKNOWN_FIELD))
                    .forEach(errors::add);
        }
        return problem(errors);
    }

    /** Lists every invalid parameter of a request. */
    static ProblemDetail of(MethodValidationResult result) {
        return problem(result.getParameterValidationResults().stream()
                .flatMap(InvalidFields::errorsOf)
                .toList());
    }

    /** Describes the position at which a body could not be read. */
    static ProblemDetail ofUnreadable(@Nullable Throwable unreadable) {
        if (unreadable instanceof MismatchedInputException mismatch
                && !mismatch.getPath().isEmpty()) {
            List<String> names = mismatch.getPath().stream()
                    .map(Reference::getPropertyName)
                    .filter(Objects::nonNull)
                    .toList();
            if (names.size() == mismatch.getPath().size()) {
                String detail = mismatch instanceof UnrecognizedPropertyException
                        ? UNKNOWN_FIELD
                        : expected(mismatch.getTargetType());
                return problem(List.of(FieldError.ofPath(names, detail)));
            }
        }
        if (unreadable instanceof JacksonException json && json.getLocation() != null) {
            return ProblemType.INVALID_REQUEST.problem("The request body is not the expected JSON (line %d, column %d)"
                    .formatted(
                            json.getLocation().getLineNr(), json.getLocation().getColumnNr()));
        }
        return ProblemType.INVALID_REQUEST.problem("The request body could not be read");
    }

    private static Stream<FieldError> errorsOf(ParameterValidationResult result) {
        String name = result.getMethodParameter().getParameterName();
        return result.getResolvableErrors().stream()
                .map(error -> new FieldError(name == null ? "" : jsonName(name), message(error)));
    }

    private static ProblemDetail problem(List<FieldError> errors) {
        ProblemDetail problem = ProblemType.INVALID_REQUEST.problem(
                errors.size() == 1 ? "A field of the request is invalid" : "Some fields of the request are invalid");
        problem.setProperty(
                "errors",
                errors.stream()
                        .sorted(Comparator.comparing(FieldError::pointer).thenComparing(FieldError::detail))
                        .distinct()
                        .toList());
        return problem;
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "has the wrong type";
        }
        return type == String.class
                ? "must be a string"
                : "must be a " + type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String message(MessageSourceResolvable error) {
        String message = error.getDefaultMessage();
        return message == null ? "is invalid" : message;
    }

    private static String jsonName(String javaName) {
        return CAMEL_HUMP.matcher(javaName).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
    }
}
