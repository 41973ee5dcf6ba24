package io.perch.keycloak.authapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem document (RFC 9457).
 *
 * @param error the problem's OAuth 2.0 error code, for clients that use these and not {@code type}
 * @param detail an explanation of this occurrence; null if the title is enough
 * @param instance a URN that is also in the server's log, with the cause; null except for internal errors
 * @param errors the errors of single values of the request; null if there are none
 * @param actions the required actions of the account, by Keycloak's aliases; null unless they are the problem
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

    /** An error of an OAuth 2.0 endpoint. If its code has no type here, it is an invalid request with that code. */
    static Problem ofOAuth(int status, String error, @Nullable String description) {
        if (status == ProblemType.INVALID_CLIENT.status() && error.equals(ProblemType.UNAUTHORIZED_CLIENT.error())) {
            // Keycloak's code for a wrong client secret. RFC 6749, section 5.2, demands invalid_client
            return of(ProblemType.INVALID_CLIENT, description);
        }
        ProblemType type = ProblemType.ofError(error).orElse(ProblemType.INVALID_REQUEST);
        return new Problem(type.uri(), type.title(), status, description, null, error, null, null);
    }

    Problem with(List<FieldError> errors) {
        return new Problem(type, title, status, detail, instance, error, List.copyOf(errors), actions);
    }
}
