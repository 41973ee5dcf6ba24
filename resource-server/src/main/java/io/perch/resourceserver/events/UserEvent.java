package io.perch.resourceserver.events;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a user, or to the sessions of a realm.
 *
 * @param id the event's ID, the same in every duplicate
 * @param type what happened
 * @param typeName the type as in the record; it distinguishes {@link UserEventType#OTHER} types
 * @param realm the realm's name
 * @param userId the affected user: the {@code sub} of the user's tokens; null in a realm's event, and if the user of a failed
 *     sign-in is unknown
 * @param sequence increases with every event of a user; of two states, the one with the higher sequence is newer
 * @param time when it happened, by Keycloak's clock
 * @param keycloakType Keycloak's own type, such as {@code LOGIN} or {@code admin:USER/UPDATE}; null if it has none
 * @param sessionId the session: the {@code sid} of its tokens; null if no session is affected
 * @param clientId the client's ID; null if no client is involved
 * @param tokenId the {@code jti} of a revoked access token; null for other events
 * @param ipAddress the network address of the request; null if unknown
 * @param error Keycloak's code for a refusal, such as {@code invalid_user_credentials}; null if nothing was refused
 * @param notBefore tokens issued earlier are no longer accepted; null for other events
 * @param actor who did it; null if the event does not say
 * @param changed the changed fields by name; empty if they are not listed. Never contains a credential
 * @param user the user's whole state afterwards; null if the event does not contain it
 */
public record UserEvent(
        String id,
        UserEventType type,
        String typeName,
        String realm,
        @Nullable String userId,
        long sequence,
        Instant time,
        @Nullable String keycloakType,
        @Nullable String sessionId,
        @Nullable String clientId,
        @Nullable String tokenId,
        @Nullable String ipAddress,
        @Nullable String error,
        @Nullable Instant notBefore,
        @Nullable Actor actor,
        Map<String, Change> changed,
        @Nullable UserState user) {

    /**
     * Who did something: the user or somebody else.
     *
     * @param userId the authenticated user; null if nobody was authenticated
     * @param clientId the client; null if unknown
     * @param ipAddress the network address of the request; null if unknown
     * @param realm the realm of an administrator; null if unknown
     */
    public record Actor(
            @JsonProperty("user_id") @Nullable String userId,
            @JsonProperty("client_id") @Nullable String clientId,
            @JsonProperty("ip_address") @Nullable String ipAddress,
            @JsonProperty("realm") @Nullable String realm) {}

    /**
     * The change of one field.
     *
     * @param from the value before, of any JSON type; null if there was none or it is not published
     * @param to the value afterwards; null if there is none or it is not published
     */
    public record Change(
            @JsonProperty("from") @Nullable Object from,
            @JsonProperty("to") @Nullable Object to) {}

    /**
     * A user's state in Keycloak.
     *
     * @param username the user name
     * @param email the e-mail address, or null
     * @param emailVerified whether the address is verified
     * @param firstName the first name, or null
     * @param lastName the last name, or null
     * @param phoneNumber the phone number in E.164 format, or null
     * @param roles the realm roles, including those from composite roles
     * @param enabled whether the user may sign in
     * @param createdAt when the user was created; null if Keycloak does not know
     */
    public record UserState(
            String username,
            @Nullable String email,
            boolean emailVerified,
            @Nullable String firstName,
            @Nullable String lastName,
            @Nullable String phoneNumber,
            List<String> roles,
            boolean enabled,
            @Nullable Instant createdAt) {

        /** Keeps personal data out of logs. */
        @Override
        public String toString() {
            return "UserState[roles=%s, enabled=%s]".formatted(roles, enabled);
        }
    }

    /** Keeps personal data out of logs. */
    @Override
    public String toString() {
        return "UserEvent[id=%s, type=%s, userId=%s, sequence=%d]".formatted(id, typeName, userId, sequence);
    }
}
