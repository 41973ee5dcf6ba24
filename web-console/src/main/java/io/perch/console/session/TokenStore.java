package io.perch.console.session;

import io.perch.console.store.KeyValueStore;
import io.perch.console.store.StoreProperties;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tokens of each session, in a record of their own: what a request has read of its session may be old when it refreshes them. And
 * which sessions Keycloak has ended, for as long as a session could last.
 */
@Component
class TokenStore {

    private static final Logger log = LoggerFactory.getLogger(TokenStore.class);

    private static final String TOKENS = "tokens:";
    private static final String ENDED_SESSION = "ended:session:";
    private static final String ENDED_USER = "ended:user:";
    private static final int HANDLE_BYTES = 24;

    /** Keycloak's limit for a session of the realm. */
    private static final Duration LONGEST_SESSION = Duration.ofDays(7);

    private final KeyValueStore store;
    private final JsonMapper json;
    private final Duration life;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    TokenStore(KeyValueStore store, StoreProperties properties, JsonMapper json, Clock clock) {
        this.store = store;
        this.json = json;
        // The session itself is prolonged by each request, this only by a refresh
        this.life = properties.idle().multipliedBy(2);
        this.clock = clock;
    }

    /** Stores the tokens of a new session; returns the handle by which they are found. */
    String create(SessionTokens tokens) {
        byte[] bytes = new byte[HANDLE_BYTES];
        random.nextBytes(bytes);
        String handle = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        replace(handle, tokens);
        return handle;
    }

    void replace(String handle, SessionTokens tokens) {
        store.put(TOKENS + handle, json.writeValueAsString(tokens), life);
    }

    /** Returns the tokens, unless the session has ended, here or at Keycloak. */
    Optional<SessionTokens> find(String handle) {
        Optional<SessionTokens> tokens = store.get(TOKENS + handle).flatMap(this::read);
        if (tokens.filter(this::hasEnded).isPresent()) {
            remove(handle);
            return Optional.empty();
        }
        return tokens;
    }

    /** What an older version stored may be of another shape: whose record that is signs in again. */
    private Optional<SessionTokens> read(String text) {
        try {
            return Optional.of(json.readValue(text, SessionTokens.class));
        } catch (JacksonException e) {
            log.warn("The tokens of a session cannot be read, so it ends: {}", e.getOriginalMessage());
            return Optional.empty();
        }
    }

    void remove(String handle) {
        store.remove(TOKENS + handle);
    }

    <T> T locked(String handle, Supplier<T> work) {
        return store.locked(TOKENS + handle, work);
    }

    void endSession(String sessionId) {
        store.put(ENDED_SESSION + sessionId, "", LONGEST_SESSION);
    }

    /** Ends what the user has open now, and not what is opened later. */
    void endSessionsOf(String userId) {
        store.put(ENDED_USER + userId, clock.instant().toString(), LONGEST_SESSION);
    }

    private boolean hasEnded(SessionTokens tokens) {
        return isEnded(tokens.sessionId())
                || store.get(ENDED_USER + tokens.user().id())
                        .map(Instant::parse)
                        .filter(end -> !tokens.signedInAt().isAfter(end))
                        .isPresent();
    }

    private boolean isEnded(@Nullable String sessionId) {
        return sessionId != null && store.get(ENDED_SESSION + sessionId).isPresent();
    }
}
