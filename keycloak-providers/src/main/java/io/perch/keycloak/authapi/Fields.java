package io.perch.keycloak.authapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The members of a request's JSON object, read strictly. An unknown member is an error. So is a duplicate member, or one that is
 * not a text. Errors are collected, so that the answer has all of them.
 */
final class Fields {

    /** The longest name, address or code. It is the limit of Keycloak's user profile too. */
    static final int MAX_LENGTH = 255;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode object;
    private final List<FieldError> errors = new ArrayList<>();

    private Fields(JsonNode object) {
        this.object = object;
    }

    static Fields read(InputStream body, int limit) {
        String text = withoutByteOrderMark(text(body, limit));
        try {
            JsonNode json = JSON.readTree(text);
            if (!json.isObject()) {
                throw ProblemException.of(ProblemType.INVALID_REQUEST, "The body is no JSON object");
            }
            return new Fields(json);
        } catch (JsonProcessingException e) {
            // Without Jackson's message, which contains a part of the body, perhaps a password
            throw ProblemException.of(ProblemType.INVALID_REQUEST, "The body is not valid JSON");
        }
    }

    // A parser may ignore it (RFC 8259, section 8.1), and clients on Windows send it
    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static String text(InputStream body, int limit) {
        try {
            byte[] bytes = body.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw ProblemException.of(ProblemType.CONTENT_TOO_LARGE, "At most " + limit + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ProblemException.of(ProblemType.INVALID_REQUEST, "The body is not UTF-8");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds an error for every member that is not among these. */
    void allow(Set<String> known) {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                errors.add(FieldError.of(name, "is not known here"));
            }
        });
    }

    boolean has(String name) {
        return object.has(name);
    }

    /** Whether a member has a value. Null and an empty text count as no value, because some clients send them for absent values. */
    boolean isGiven(String name) {
        JsonNode value = object.path(name);
        return !value.isMissingNode()
                && !value.isNull()
                && !(value.isTextual() && value.textValue().isEmpty());
    }

    /**
     * A text of at most {@link #MAX_LENGTH} characters without control characters. The result is empty if the member is absent or
     * null, and if it is wrong: then an error is added.
     */
    Optional<String> text(String name) {
        return secret(name).filter(value -> {
            if (value.length() > MAX_LENGTH) {
                errors.add(FieldError.of(name, "has more than " + MAX_LENGTH + " characters"));
                return false;
            }
            if (hasControls(value)) {
                errors.add(FieldError.of(name, "has control characters"));
                return false;
            }
            return true;
        });
    }

    /** Whether a text fulfils the rules of {@link #text(String)}. */
    static boolean isText(String value) {
        return value.length() <= MAX_LENGTH && !hasControls(value);
    }

    // Some databases cannot store NUL, and names and addresses do not need the other control characters
    private static boolean hasControls(String value) {
        return value.chars().anyMatch(Character::isISOControl);
    }

    /**
     * A text of any length and any valid Unicode characters. The result is empty if the member is absent or null, and if it is
     * wrong: then an error is added.
     */
    Optional<String> secret(String name) {
        JsonNode value = object.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            errors.add(FieldError.of(name, "is no text"));
            return Optional.empty();
        }
        String text = value.textValue();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            errors.add(FieldError.of(name, "has half a surrogate pair"));
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** As {@link #text}, but an absent or blank value is an error. Returns an empty text if there is no value. */
    String requiredText(String name) {
        return required(name, text(name));
    }

    /** As {@link #secret}, but an absent or blank value is an error. Returns an empty text if there is no value. */
    String requiredSecret(String name) {
        return required(name, secret(name));
    }

    private String required(String name, Optional<String> value) {
        if (value.map(String::isBlank).orElse(true)
                && errors.stream().noneMatch(e -> e.pointer().equals("/" + name))) {
            errors.add(FieldError.of(name, "is missing"));
        }
        return value.orElse("");
    }

    void refuse(String name, String detail) {
        errors.add(FieldError.of(name, detail));
    }

    /** The errors so far. */
    List<FieldError> errors() {
        return List.copyOf(errors);
    }

    /**
     * Ends the call if there are errors.
     *
     * @throws ProblemException with all errors
     */
    void check() {
        if (!errors.isEmpty()) {
            throw ProblemException.of(errors());
        }
    }
}
