package io.perch.resourceserver.acts;

import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * One thing that somebody did. It has ids and the caller's network address, and nothing else that is personal.
 *
 * @param id the act's id; the audit line has the same one
 * @param at when, by this server's clock, in milliseconds
 * @param kind what was done
 * @param actorId who did it: the {@code sub} of the caller's token; null where nobody called
 * @param clientId by which client, or null
 * @param sessionId in which session, or null
 * @param ipAddress from where, or null
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

    /**
     * Describes what the current request does.
     *
     * @return the act, or an empty list on a thread that has no request of somebody
     */
    public static List<Act> ofCurrentRequest(ActKind kind) {
        if (SecurityContextHolder.getContext().getAuthentication() instanceof JwtAuthenticationToken caller
                && RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request) {
            return List.of(new Act(
                    UUID.randomUUID().toString(),
                    Instant.ofEpochMilli(CLOCK.millis()),
                    kind,
                    caller.getName(),
                    caller.getToken().getClaimAsString("azp"),
                    caller.getToken().getClaimAsString("sid"),
                    request.getRequest().getRemoteAddr()));
        }
        return List.of();
    }

    /** Reads acts from the field of a document; one that this version does not know is left out. */
    public static List<Act> read(@Nullable List<Document> stored) {
        if (stored == null) {
            return List.of();
        }
        return stored.stream()
                .flatMap(act -> ActKind.of(act.getString("action")).map(kind -> read(act, kind)).stream())
                .toList();
    }

    /** Returns the act as it is stored. */
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
