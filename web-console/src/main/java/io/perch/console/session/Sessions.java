package io.perch.console.session;

import io.perch.console.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.stereotype.Component;

/** The signed-in user of a request, and the user's access token. */
@Component
public class Sessions {

    /** Session attribute: the key of the tokens in the store. It is the only user data in the session. */
    private static final String HANDLE = "perch.tokens";

    private static final String ENDED = Sessions.class.getName() + ".ended";

    private final TokenStore store;
    private final TokenRefresh refresh;
    private final KeycloakLogout logout;
    private final Clock clock;

    Sessions(TokenStore store, TokenRefresh refresh, KeycloakLogout logout, Clock clock) {
        this.store = store;
        this.refresh = refresh;
        this.logout = logout;
        this.clock = clock;
    }

    /** Stores the tokens of a new sign-in. They replace those of an earlier sign-in of this browser. */
    public void open(HttpServletRequest request, OAuth2AuthorizedClient client, OidcIdToken idToken) {
        HttpSession session = request.getSession();
        if (session.getAttribute(HANDLE) instanceof String earlier) {
            store.remove(earlier);
        }
        OAuth2AccessToken access = client.getAccessToken();
        OAuth2RefreshToken refreshToken = client.getRefreshToken();
        Instant now = clock.instant();
        session.setAttribute(
                HANDLE,
                store.create(new SessionTokens(
                        IdTokenClaims.user(idToken),
                        idToken.getClaimAsString("sid"),
                        now,
                        access.getTokenValue(),
                        access.getIssuedAt() == null ? now : access.getIssuedAt(),
                        access.getExpiresAt() == null ? now : access.getExpiresAt(),
                        refreshToken == null ? null : refreshToken.getTokenValue())));
    }

    /** Returns the signed-in user. Removes the session if it has ended. */
    public Optional<SignedInUser> user(HttpServletRequest request) {
        return tokens(request).map(SessionTokens::user);
    }

    /** Returns whether the request has a session that has ended. */
    public boolean hasEnded(HttpServletRequest request) {
        return request.getAttribute(ENDED) != null;
    }

    /**
     * Returns an access token. Refreshes it if necessary, but only once for all concurrent requests.
     *
     * @param life how long it must still be valid
     * @throws ProblemException 401 {@code session-ended}, or 503 if Keycloak does not answer
     */
    public String accessToken(HttpServletRequest request, Duration life) {
        String handle = handle(request).orElseThrow(ProblemException::sessionEnded);
        SessionTokens tokens = store.find(handle).orElseThrow(() -> ended(request));
        if (tokens.isGoodFor(life, clock.instant())) {
            return tokens.accessToken();
        }
        return store.locked(handle, () -> {
            SessionTokens newest = store.find(handle).orElseThrow(() -> ended(request));
            if (newest.isGoodFor(life, clock.instant())) {
                return newest.accessToken();
            }
            SessionTokens refreshed = refresh.refresh(newest).orElseThrow(() -> {
                store.remove(handle);
                return ended(request);
            });
            store.replace(handle, refreshed);
            return refreshed.accessToken();
        });
    }

    /**
     * Ends the session here and at Keycloak.
     *
     * @return whether Keycloak has ended it; if not, the browser must open Keycloak's logout page
     */
    public boolean signOut(HttpServletRequest request) {
        Optional<SessionTokens> tokens = tokens(request);
        end(request);
        return tokens.map(logout::end).orElse(true);
    }

    /** Ends the session here, and not at Keycloak. */
    public void end(HttpServletRequest request) {
        handle(request).ifPresent(store::remove);
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
    }

    private Optional<SessionTokens> tokens(HttpServletRequest request) {
        Optional<String> handle = handle(request);
        Optional<SessionTokens> tokens = handle.flatMap(store::find);
        if (handle.isPresent() && tokens.isEmpty()) {
            discard(request);
        }
        return tokens;
    }

    private ProblemException ended(HttpServletRequest request) {
        discard(request);
        return ProblemException.sessionEnded();
    }

    private void discard(HttpServletRequest request) {
        request.setAttribute(ENDED, true);
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
    }

    private static Optional<String> handle(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        @Nullable Object handle = session == null ? null : session.getAttribute(HANDLE);
        return handle instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
