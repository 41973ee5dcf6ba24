package io.perch.resourceserver.security;

import io.perch.resourceserver.events.UserEvent;
import io.perch.resourceserver.events.UserEvent.UserState;
import io.perch.resourceserver.events.UserEventType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Derives from events which tokens are revoked. When all sessions of a user or of the realm end, tokens issued before that second
 * are refused, as in Keycloak. Token times are whole seconds. So for tokens of the same second, the sessions decide: a session
 * that began in that second, before the end, is revoked by its ID. Not thread-safe.
 */
final class SessionEnds {

    /** How far events of different users may arrive out of order. */
    private static final Duration RECENT = Duration.ofSeconds(5);

    /** How long a request that issues a token may take. Such a request may be in progress when a client's session ends. */
    private static final Duration IN_FLIGHT = Duration.ofSeconds(1);

    private static final int MAX_LOGINS = 20_000;

    private record Login(String sessionId, String userId, Instant at) {}

    private final RevokedTokens revoked;
    private final Duration remembered;
    private final Map<String, Login> recent = new LinkedHashMap<>();

    SessionEnds(RevokedTokens revoked, Duration remembered) {
        this.revoked = revoked;
        this.remembered = remembered;
    }

    /** Returns the revocations that follow from an event; usually none. */
    List<Revocation> endedBy(UserEvent event) {
        return switch (event.type()) {
            case LOGGED_IN -> endedAlready(event);
            case LOGGED_OUT, SESSION_ENDED -> endOfOne(event);
            case TOKEN_REVOKED -> endOfToken(event);
            case CLIENT_SESSION_ENDED, CLIENT_SESSIONS_ENDED, CLIENT_ENDED -> endOfClient(event);
            case SESSIONS_ENDED -> endOfUser(event, notBefore(event));
            // A change of credentials ended sessions only if the event has notBefore
            case CREDENTIALS_CHANGED -> event.notBefore() == null ? List.of() : endOfUser(event, notBefore(event));
            case UPDATED -> isDisabled(event.user()) ? endOfUser(event, Revocation.after(event.time())) : List.of();
            case DELETED -> endOfDeleted(event.userId(), event.time());
            case REALM_SESSIONS_ENDED ->
                endOfAll(event, null, Revocation.ofRealm(notBefore(event), event.time(), remembered));
            case REGISTERED, EMAIL_VERIFIED, ROLES_CHANGED, LOGIN_FAILED, SNAPSHOT, EVENT, OTHER -> List.of();
        };
    }

    /** Without a session ID, all sessions of the user are revoked. */
    private List<Revocation> endOfOne(UserEvent event) {
        String sessionId = event.sessionId();
        return sessionId == null
                ? endOfUser(event, Revocation.after(event.time()))
                : List.of(
                        event.notBefore() == null
                                ? Revocation.ofSession(sessionId, event.userId(), event.time(), remembered)
                                : Revocation.ofSession(
                                        sessionId, event.userId(), notBefore(event), event.time(), remembered));
    }

    /** Without a token ID, the session is revoked, or all sessions of the user. */
    private List<Revocation> endOfToken(UserEvent event) {
        String tokenId = event.tokenId();
        return tokenId == null
                ? endOfOne(event)
                : List.of(Revocation.ofToken(tokenId, event.userId(), event.time(), remembered));
    }

    /** Without a client ID, the session is revoked, or all sessions of the user. */
    private List<Revocation> endOfClient(UserEvent event) {
        String clientId = event.clientId();
        String userId = event.userId();
        if (clientId == null) {
            return endOfOne(event);
        }
        if (event.type() == UserEventType.CLIENT_ENDED) {
            return List.of(Revocation.ofClient(clientId, notBefore(event), event.time(), remembered));
        }
        String sessionId = event.sessionId();
        if (event.type() == UserEventType.CLIENT_SESSION_ENDED && sessionId != null) {
            return List.of(Revocation.ofClientSession(
                    sessionId, clientId, userId, notBeforeWithInFlight(event), event.time(), remembered));
        }
        return userId == null
                ? List.of()
                : List.of(Revocation.ofUserClient(
                        userId, clientId, notBeforeWithInFlight(event), event.time(), remembered));
    }

    /** A refresh in progress when the client's session ended may still have issued a token. */
    private Instant notBeforeWithInFlight(UserEvent event) {
        Instant latest = Revocation.after(event.time().plus(IN_FLIGHT));
        Instant given = notBefore(event);
        return given.isAfter(latest) ? given : latest;
    }

    private List<Revocation> endOfUser(UserEvent event, Instant notBefore) {
        String userId = event.userId();
        return userId == null
                ? List.of()
                : endOfAll(event, userId, Revocation.ofUser(userId, notBefore, event.time(), remembered));
    }

    private List<Revocation> endOfDeleted(@Nullable String userId, Instant at) {
        // A user with this ID may be created again. A sign-in that was in progress may have issued a token
        return userId == null
                ? List.of()
                : List.of(Revocation.ofUser(userId, Revocation.after(at.plus(IN_FLIGHT)), at, remembered));
    }

    private List<Revocation> endOfAll(UserEvent event, @Nullable String userId, Revocation end) {
        List<Revocation> ends = new ArrayList<>();
        ends.add(end);
        for (Login login : recent.values()) {
            if ((userId == null || userId.equals(login.userId())) && isOfItsSecond(login.at(), end)) {
                ends.add(endOfLogin(login, event.time()));
            }
        }
        return ends;
    }

    /** Events of different users may arrive out of order: a realm event may be read before an earlier sign-in. */
    private List<Revocation> endedAlready(UserEvent event) {
        String userId = event.userId();
        String sessionId = event.sessionId();
        if (userId == null || sessionId == null) {
            return List.of();
        }
        Login login = new Login(sessionId, userId, event.time());
        remember(login);
        return revoked.endsOfUser(userId).stream()
                .filter(end -> isOfItsSecond(login.at(), end))
                .map(end -> endOfLogin(login, end.at()))
                .toList();
    }

    private static boolean isOfItsSecond(Instant login, Revocation end) {
        return login.truncatedTo(ChronoUnit.SECONDS).equals(end.notBefore()) && login.isBefore(end.at());
    }

    /** Revokes only tokens of that second. If the session continues after all, its later tokens are accepted. */
    private Revocation endOfLogin(Login login, Instant at) {
        return Revocation.ofSession(login.sessionId(), login.userId(), Revocation.after(login.at()), at, remembered);
    }

    private void remember(Login login) {
        recent.put(login.sessionId(), login);
        Instant old = login.at().minus(RECENT);
        Iterator<Login> oldest = recent.values().iterator();
        while (oldest.hasNext()) {
            boolean isRecent = !oldest.next().at().isBefore(old);
            if (isRecent && recent.size() <= MAX_LOGINS) {
                break;
            }
            oldest.remove();
        }
    }

    /**
     * A {@code notBefore} further ahead than the lifetime of a token is a mistake. Kept as it is, it would outlast its
     * correction.
     */
    private Instant notBefore(UserEvent event) {
        Instant given = event.notBefore();
        Instant latest = event.time().plus(remembered);
        Instant notBefore = given == null ? event.time() : given.isAfter(latest) ? latest : given;
        return notBefore.truncatedTo(ChronoUnit.SECONDS);
    }

    private static boolean isDisabled(@Nullable UserState user) {
        return user != null && !user.enabled();
    }
}
