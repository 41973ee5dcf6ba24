package io.perch.resourceserver.events;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.perch.resourceserver.events.UserEvent.Actor;
import io.perch.resourceserver.events.UserEvent.Change;
import io.perch.resourceserver.events.UserEvent.UserState;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of a record's value: CloudEvents 1.0, JSON format, section 3. Required members may be missing. */
record CloudEvent(
        @JsonProperty("specversion") @Nullable String specversion,
        @JsonProperty("id") @Nullable String id,
        @JsonProperty("source") @Nullable String source,
        @JsonProperty("type") @Nullable String type,
        @JsonProperty("subject") @Nullable String subject,
        @JsonProperty("time") @Nullable String time,
        @JsonProperty("sequence") @Nullable String sequence,
        @JsonProperty("data") @Nullable Data data) {

    private static final String SPEC_VERSION = "1.0";
    private static final int MAX_DIGITS = 19;

    /** The data that the Keycloak extension publishes. */
    record Data(
            @JsonProperty("realm") @Nullable String realm,
            @JsonProperty("user_id") @Nullable String userId,
            @JsonProperty("keycloak_type") @Nullable String keycloakType,
            @JsonProperty("session_id") @Nullable String sessionId,
            @JsonProperty("client_id") @Nullable String clientId,
            @JsonProperty("token_id") @Nullable String tokenId,
            @JsonProperty("ip_address") @Nullable String ipAddress,
            @JsonProperty("error") @Nullable String error,
            @JsonProperty("not_before") @Nullable Long notBefore,
            @JsonProperty("actor") @Nullable Actor actor,
            @JsonProperty("changed") @Nullable Map<String, Change> changed,
            @JsonProperty("user") @Nullable User user) {}

    /** A user's state. */
    record User(
            @JsonProperty("username") @Nullable String username,
            @JsonProperty("email") @Nullable String email,
            @JsonProperty("email_verified") @Nullable Boolean emailVerified,
            @JsonProperty("first_name") @Nullable String firstName,
            @JsonProperty("last_name") @Nullable String lastName,
            @JsonProperty("phone_number") @Nullable String phoneNumber,
            @JsonProperty("roles") @Nullable List<String> roles,
            @JsonProperty("enabled") @Nullable Boolean enabled,
            @JsonProperty("created_at") @Nullable String createdAt) {

        UserState state() {
            return new UserState(
                    required("username", username),
                    email,
                    Boolean.TRUE.equals(emailVerified),
                    firstName,
                    lastName,
                    phoneNumber,
                    roles == null ? List.of() : List.copyOf(roles),
                    !Boolean.FALSE.equals(enabled),
                    createdAt == null ? null : instant("created_at", createdAt));
        }
    }

    /**
     * Validates and converts it.
     *
     * @throws UnreadableUserEventException if a required member is missing, or a value is invalid
     */
    UserEvent read() {
        if (!SPEC_VERSION.equals(specversion)) {
            throw new UnreadableUserEventException("'specversion' is not " + SPEC_VERSION);
        }
        required("source", source);
        if (data == null) {
            throw UnreadableUserEventException.missing("data");
        }
        String typeName = required("type", type);
        UserEventType known = UserEventType.of(typeName);
        return new UserEvent(
                required("id", id),
                known,
                typeName,
                required("realm", data.realm),
                userId(known, data),
                number(required("sequence", sequence)),
                instant("time", required("time", time)),
                data.keycloakType,
                data.sessionId,
                data.clientId,
                data.tokenId,
                data.ipAddress,
                data.error,
                data.notBefore == null ? null : Instant.ofEpochSecond(data.notBefore),
                data.actor,
                data.changed == null ? Map.of() : data.changed,
                data.user == null ? null : data.user.state());
    }

    private @Nullable String userId(UserEventType known, Data data) {
        if (subject != null && data.userId != null && !subject.equals(data.userId)) {
            throw new UnreadableUserEventException("'subject' and 'user_id' are not the same user");
        }
        String user = subject == null ? data.userId : subject;
        return known.isOfOneUser() ? required("subject", user) : user;
    }

    private static String required(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw UnreadableUserEventException.missing(name);
        }
        return value;
    }

    private static Instant instant(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new UnreadableUserEventException("'%s' is not a time (RFC 3339, UTC)".formatted(name));
        }
    }

    private static long number(String digits) {
        try {
            if (digits.length() <= MAX_DIGITS && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
                return Long.parseLong(digits);
            }
        } catch (NumberFormatException e) {
            throw invalidSequence();
        }
        throw invalidSequence();
    }

    private static UnreadableUserEventException invalidSequence() {
        return new UnreadableUserEventException("'sequence' is not a decimal number of 64 bits");
    }
}
