package io.perch.resourceserver.events;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a user, or to a realm's sessions.
 *
 * @param id the event's id, the same in every duplicate
 * @param type what happened
 * @param typeName the type as it stands in the record; distinguishes one {@link UserEventType#OTHER} from another
 * @param realm the realm's name
 * @param userId the user whom it happened to: the {@code sub} of the user's tokens; null in a realm's event, and where a sign-in
 *     was refused to somebody who is not known
 * @param sequence grows with every event of a user: of two states, the one with the higher sequence is the newer
 * @param time when it happened, by Keycloak's clock
 * @param keycloakType Keycloak's own name of it, such as {@code LOGIN} or {@code admin:USER/UPDATE}; null where it has none
 * @param sessionId the session: the {@code sid} of its tokens; null where it is of no session
 * @param clientId the client's id; null where no client took part
 * @param tokenId the access token that is void: its {@code jti}; null where that is not what happened
 * @param ipAddress from which network address; null if it is not known
 * @param error why something was refused, by Keycloak's name, such as {@code invalid_user_credentials}; null where it was not
 * @param notBefore tokens issued earlier count no more; null where that is not what happened
 * @param actor who did it; null in events that do not say so
 * @param changed the fields that changed, by name; empty if they are not named. Never has a credential
 * @param user the user's whole state afterwards; null where the event carries none
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
     * Who did something: the user, or somebody else.
     *
     * @param userId who proved to be it; null where nobody did
     * @param clientId the client that was used; null where it is not known
     * @param ipAddress from which network address; null if it is not known
     * @param realm the realm that an administrator belongs to; null where it is not known
     */
    public record Actor(
            @JsonProperty("user_id") @Nullable String userId,
            @JsonProperty("client_id") @Nullable String clientId,
            @JsonProperty("ip_address") @Nullable String ipAddress,
            @JsonProperty("realm") @Nullable String realm) {}

    /**
     * How one field changed.
     *
     * @param from the value before, of whatever JSON type; null if there was none, or it is not published
     * @param to the value afterwards; null as well
     */
    public record Change(
            @JsonProperty("from") @Nullable Object from,
            @JsonProperty("to") @Nullable Object to) {}

    /**
     * A user as Keycloak has it.
     *
     * @param username the user name
     * @param email the e-mail address, or null
     * @param emailVerified whether the address is the user's
     * @param firstName the first name, or null
     * @param lastName the last name, or null
     * @param phoneNumber the phone number in E.164, or null
     * @param roles the realm roles, those that come with others among them
     * @param enabled whether the user may sign in
     * @param createdAt when the user was made; null where Keycloak does not know
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

        /** Keeps what is personal out of logs. */
        @Override
        public String toString() {
            return "UserState[roles=%s, enabled=%s]".formatted(roles, enabled);
        }
    }

    /** Keeps what is personal out of logs. */
    @Override
    public String toString() {
        return "UserEvent[id=%s, type=%s, userId=%s, sequence=%d]".formatted(id, typeName, userId, sequence);
    }
}
