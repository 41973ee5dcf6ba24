package io.perch.resourceserver.acts;

import io.perch.resourceserver.mongo.DocumentIds;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * An audited action of a user or moderator. It contains IDs and the caller's network address, and no other personal data.
 *
 * @param id the act's ID, which is also the ID of its audit line
 * @param at when, by this server's clock, in milliseconds
 * @param kind what was done
 * @param actorId who did it: the {@code sub} of the caller's token; null if there was no caller
 * @param clientId the client, or null
 * @param sessionId the session, or null
 * @param ipAddress the network address of the request, or null
 */
public record Act(
        String id,
        Instant at,
        ActKind kind,
        @Nullable String actorId,
        @Nullable String clientId,
        @Nullable String sessionId,
        @Nullable String ipAddress) {

    private static final Clock CLOCK = Clock.systemUTC();

    /** Returns the same act without the network address. */
    public Act withoutAddress() {
        return new Act(id, at, kind, actorId, clientId, sessionId, null);
    }

    /**
     * Creates the act of the current request.
     *
     * @return the act; an empty list on a thread without an authenticated request
     */
    public static List<Act> ofCurrentRequest(ActKind kind) {
        if (SecurityContextHolder.getContext().getAuthentication() instanceof JwtAuthenticationToken caller
                && RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request) {
            return List.of(new Act(
                    DocumentIds.next(),
                    Instant.ofEpochMilli(CLOCK.millis()),
                    kind,
                    caller.getName(),
                    caller.getToken().getClaimAsString("azp"),
                    caller.getToken().getClaimAsString("sid"),
                    request.getRequest().getRemoteAddr()));
        }
        return List.of();
    }

    /** Reads acts from a document's field. Acts of an unknown kind are left out. */
    public static List<Act> read(@Nullable List<Document> stored) {
        if (stored == null) {
            return List.of();
        }
        return stored.stream()
                .flatMap(act -> ActKind.of(act.getString("action")).map(kind -> read(act, kind)).stream())
                .toList();
    }

    /** Returns the act as a document. */
    public Document document() {
        Document document = new Document("id", id).append("at", Date.from(at)).append("action", kind.wireName());
        put(document, "actor_id", actorId);
        put(document, "client_id", clientId);
        put(document, "session_id", sessionId);
        put(document, "ip_address", ipAddress);
        return document;
    }

    private static Act read(Document act, ActKind kind) {
        return new Act(
                act.getString("id"),
                act.getDate("at").toInstant(),
                kind,
                act.getString("actor_id"),
                act.getString("client_id"),
                act.getString("session_id"),
                act.getString("ip_address"));
    }

    private static void put(Document document, String name, @Nullable String value) {
        if (value != null) {
            document.append(name, value);
        }
    }
}
