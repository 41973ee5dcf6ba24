package io.perch.console.session;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.client.oidc.authentication.logout.OidcLogoutToken;
import org.springframework.security.oauth2.client.oidc.session.OidcSessionInformation;
import org.springframework.security.oauth2.client.oidc.session.OidcSessionRegistry;
import org.springframework.stereotype.Component;

/**
 * Ends sessions after a logout at Keycloak (OpenID Connect Back-Channel Logout 1.0). Spring Security has already
 * checked the logout token. It would then call this server's own logout for each session that this class returns. This
 * class returns none: it ends the sessions in the store, for all instances at once.
 */
@Component
class BackChannelLogout implements OidcSessionRegistry {

    private static final Logger log = LoggerFactory.getLogger(BackChannelLogout.class);

    private final TokenStore store;

    BackChannelLogout(TokenStore store) {
        this.store = store;
    }

    @Override
    public Iterable<OidcSessionInformation> removeSessionInformation(OidcLogoutToken token) {
        String sessionId = token.getSessionId();
        if (sessionId != null) {
            store.endSession(sessionId);
        } else if (token.getSubject() != null) {
            store.endSessionsOf(token.getSubject());
        }
        log.info("user_id={} session={} was ended by Keycloak", token.getSubject(), sessionId);
        return List.of();
    }

    @Override
    public void saveSessionInformation(OidcSessionInformation information) {
        // Not needed, because the stored tokens have the id of their session
    }

    @Override
    @SuppressWarnings("NullAway") // The contract allows null, but its annotations do not
    public @Nullable OidcSessionInformation removeSessionInformation(String clientSessionId) {
        return null;
    }
}
