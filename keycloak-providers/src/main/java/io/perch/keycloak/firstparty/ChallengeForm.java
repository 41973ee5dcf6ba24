package io.perch.keycloak.firstparty;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.http.HttpRequest;

/**
 * The request's parameters: a form in UTF-8 (draft 4.1, 5.1), each parameter once, and one without a value counts as missing (RFC 6749,
 * 3.1).
 *
 * @param parameters by their names, in their order
 */
record ChallengeForm(Map<String, String> parameters) {

    private static final int TOO_LARGE = 413;
    private static final int UNSUPPORTED_MEDIA_TYPE = 415;

    /** Parameters that may have control characters. */
    private static final Set<String> FREE =
            Set.of("password", "new_password", "profile", "credential", "claims", "authorization_details");

    /** What Keycloak's decoder leaves of bytes that are not UTF-8. */
    private static final String NOT_UTF_8 = "\uFFFD";

    /**
     * Reads a request.
     *
     * @param limit characters that all names and values may have
     * @throws Refusal where its body is no such form
     */
    static ChallengeForm read(HttpRequest request, int limit) {
        checkType(request.getHttpHeaders().getHeaderString(HttpHeaders.CONTENT_TYPE));
        Map<String, String> parameters = new LinkedHashMap<>();
        int length = 0;
        for (Map.Entry<String, List<String>> parameter :
                request.getDecodedFormParameters().entrySet()) {
            if (parameter.getValue().size() != 1) {
                throw Refusal.invalidRequest("A parameter is there more than once");
            }
            String value = parameter.getValue().get(0);
            length += parameter.getKey().length() + value.length();
            if ((parameter.getKey() + value).contains(NOT_UTF_8)) {
                throw Refusal.invalidRequest("The body is not in UTF-8");
            }
            if (hasControls(parameter.getKey()) || (!isFree(parameter.getKey()) && hasControls(value))) {
                throw Refusal.invalidRequest("A parameter has control characters");
            }
            parameters.put(parameter.getKey(), value);
        }
        if (length > limit) {
            throw Refusal.of(TOO_LARGE, OAuthErrorException.INVALID_REQUEST, "The body is too large");
        }
        parameters.values().removeIf(String::isEmpty);
        return new ChallengeForm(parameters);
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    // A password is only hashed. JSON may have line breaks, and its texts are checked where they are read
    private static boolean isFree(String name) {
        return FREE.contains(name);
    }

    // Some databases cannot store NUL, and nothing here needs the other control characters
    private static boolean hasControls(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private static void checkType(@Nullable String contentType) {
        MediaType type = parse(contentType);
        if (type == null || !type.isCompatible(MediaType.APPLICATION_FORM_URLENCODED_TYPE)) {
            throw Refusal.of(
                    UNSUPPORTED_MEDIA_TYPE,
                    OAuthErrorException.INVALID_REQUEST,
                    "The body must be application/x-www-form-urlencoded");
        }
        String charset = type.getParameters().get(MediaType.CHARSET_PARAMETER);
        if (charset != null && !charset.equalsIgnoreCase("utf-8")) {
            throw Refusal.of(UNSUPPORTED_MEDIA_TYPE, OAuthErrorException.INVALID_REQUEST, "The body must be in UTF-8");
        }
    }

    private static @Nullable MediaType parse(@Nullable String contentType) {
        try {
            return contentType == null ? null : MediaType.valueOf(contentType);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
