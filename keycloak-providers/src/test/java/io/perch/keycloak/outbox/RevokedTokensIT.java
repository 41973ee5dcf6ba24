package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PageBrowser;
import org.junit.jupiter.api.Test;

/** A token ends because it is revoked (RFC 7009), or because a refresh token or a code is used twice. */
class RevokedTokensIT extends EndedTokensInAServer {

    @Test
    void aRevokedRefreshTokenEndsItsAccessTokens() {
        IssuedToken token = events.token("app", "ada");

        ends("revocation by refresh token", token, () -> events.revoke("app", token.refreshToken()));
    }

    @Test
    void aRevokedAccessTokenEndsNoOtherToken() {
        IssuedToken token = events.token("app", "ada");

        ends("revocation by access token", token, () -> events.revoke("app", token.accessToken()));

        goesOn(events.refreshed("app", token));
    }

    @Test
    void aRevokedOfflineTokenEndsItsAccessTokens() {
        IssuedToken token = events.token("app", "ada", "openid offline_access");

        ends("revocation by offline token", token, () -> events.revoke("app", token.refreshToken()));
    }

    @Test
    void theSecondUseOfARefreshTokenEndsTheTokensOfTheFirst() {
        change(realm -> realm.setRevokeRefreshToken(true));
        IssuedToken first = events.token("app", "ada");
        // Keycloak detects a reused token by the second of its issue
        awaitSecondAfter(first);
        IssuedToken second = events.refreshed("app", first);

        ends("reuse of a refresh token", second, () -> events.refresh("app", first.refreshToken()));

        assertTrue(events.refresh("app", second.refreshToken()).has("error"));
    }

    @Test
    void aWrongRefreshTokenEndsNothing() {
        change(realm -> realm.setRevokeRefreshToken(true));
        IssuedToken token = events.token("app", "ada");

        assertTrue(events.refresh("other", token.refreshToken()).has("error"));
        assertTrue(events.refresh("app", token.accessToken()).has("error"));
        assertTrue(events.refresh("app", "nonsense").has("error"));

        goesOn(token);
    }

    @Test
    void theSecondUseOfACodeEndsTheTokensOfTheFirst() {
        String code = code(new PageBrowser(), "app", "", "ada");
        IssuedToken token = IssuedToken.of(events.exchange("app", code));

        ends("code used twice", token, () -> events.exchange("app", code));
    }
}
