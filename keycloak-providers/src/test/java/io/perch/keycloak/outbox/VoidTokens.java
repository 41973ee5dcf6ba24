package io.perch.keycloak.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** The tokens that a consumer refuses if it follows {@code docs/user-events.md} and nothing else. */
final class VoidTokens {

    private VoidTokens() {}

    /** Whether events of a realm make a token void. */
    static boolean isVoid(List<ReceivedEvent> events, String realm, IssuedToken token) {
        return events.stream()
                .filter(event -> event.data().path("realm").asText().equals(realm))
                .anyMatch(event -> isVoid(event, token));
    }

    private static boolean isVoid(ReceivedEvent event, IssuedToken token) {
        JsonNode data = event.data();
        boolean isOfUser = data.path("user_id").asText().equals(token.claim("sub"));
        boolean isOfSession = data.path("session_id").asText().equals(token.claim("sid"));
        boolean isOfClient = data.path("client_id").asText().equals(token.claim("azp"));
        // Without not_before the event voids all tokens
        boolean isBefore = !data.has("not_before")
                || token.issuedAt() < data.path("not_before").asLong();
        return switch (event.type()) {
            case "io.perch.user.logged_out", "io.perch.user.session_ended" -> isOfSession;
            case "io.perch.user.client_session_ended" -> isOfSession && isOfClient && isBefore;
            case "io.perch.user.client_sessions_ended" -> isOfUser && isOfClient && isBefore;
            case "io.perch.user.token_revoked" -> data.path("token_id").asText().equals(token.claim("jti"));
            case "io.perch.user.sessions_ended" -> isOfUser && isBefore;
            case "io.perch.user.deleted" -> isOfUser;
            case "io.perch.client.sessions_ended" -> isOfClient && isBefore;
            case "io.perch.realm.sessions_ended" -> isBefore;
            default -> false;
        };
    }
}
