package io.perch.keycloak.authapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer that tells what went wrong (RFC 9457).
 *
 * @param error the same as {@code type} for programs that know OAuth 2.0's error codes
 * @param detail what is special about this one; null where the title says it all
 * @param instance a URN that stands in the server's log beside the cause; null but for errors of the server
 * @param errors every value of the request that is wrong; null where no single value is
 * @param actions required actions of the account, by Keycloak's aliases; null but where they are the problem
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "detail", "instance", "error", "errors", "actions"})
record Problem(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String instance,
        String error,
        @Nullable List<FieldError> errors,
        @Nullable List<String> actions) {

    static Problem of(ProblemType type) {
        return of(type, null);
    }

    static Problem of(ProblemType type, @Nullable String detail) {
        return new Problem(type.uri(), type.title(), type.status(), detail, null, type.error(), null, null);
    }

    static Problem of(List<FieldError> errors) {
        return of(ProblemType.INVALID_REQUEST).with(errors);
    }

    static Problem actionRequired(ProblemType type, List<String> actions) {
        return new Problem(type.uri(), type.title(), type.status(), null, null, type.error(), null, actions);
    }

    static Problem internal(String instance) {
        ProblemType type = ProblemType.INTERNAL_ERROR;
        return new Problem(type.uri(), type.title(), type.status(), null, instance, type.error(), null, null);
    }

    /** An error as an OAuth 2.0 endpoint gave it; one that has no type here is an invalid request that keeps its code. */
    static Problem ofOAuth(int status, String error, @Nullable String description) {
        if (status == ProblemType.INVALID_CLIENT.status() && error.equals(ProblemType.UNAUTHORIZED_CLIENT.error())) {
            // Keycloak says so of a wrong client secret; RFC 6749, 5.2, says otherwise
            return of(ProblemType.INVALID_CLIENT, description);
        }
        ProblemType type = ProblemType.ofError(error).orElse(ProblemType.INVALID_REQUEST);
        return new Problem(type.uri(), type.title(), status, description, null, error, null, null);
    }

    Problem with(List<FieldError> errors) {
        return new Problem(type, title, status, detail, instance, error, List.copyOf(errors), actions);
    }
}
