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
 * Stores the tokens of each session in a separate record, and which sessions Keycloak has ended. The session that a
 * request has loaded may be old, so the tokens are not in it: a refresh must read the newest ones.
 */
@Component
class TokenStore {

    private static final Logger log = LoggerFactory.getLogger(TokenStore.class);

    private static final String TOKENS = "tokens:";
    private static final String ENDED_SESSION = "ended:session:";
    private static final String ENDED_USER = "ended:user:";
    private static final int HANDLE_BYTES = 24;

    /** The longest session that the realm allows. */
    private static final Duration MAX_SESSION_LIFETIME = Duration.ofDays(7);

    private final KeyValueStore store;
    private final JsonMapper json;
    private final Duration life;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    TokenStore(KeyValueStore store, StoreProperties properties, JsonMapper json, Clock clock) {
        this.store = store;
        this.json = json;
        // Each request extends the session, but only a refresh extends this record
        this.life = properties.idle().multipliedBy(2);
        this.clock = clock;
    }

    /** Stores the tokens of a new session and returns their key. */
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

    /** Returns the tokens, or empty if the session has ended here or at Keycloak. */
    Optional<SessionTokens> find(String handle) {
        Optional<SessionTokens> tokens = store.get(TOKENS + handle).flatMap(this::read);
        if (tokens.filter(this::hasEnded).isPresent()) {
            remove(handle);
            return Optional.empty();
        }
        return tokens;
    }

    /** An older version may have stored another format. Then the user must sign in again. */
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
        store.put(ENDED_SESSION + sessionId, "", MAX_SESSION_LIFETIME);
    }

    /** Ends the user's present sessions, but not later ones. */
    void endSessionsOf(String userId) {
        store.put(ENDED_USER + userId, clock.instant().toString(), MAX_SESSION_LIFETIME);
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
