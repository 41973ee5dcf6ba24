package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The tokens of a client end because the consent to it is withdrawn. */
class WithdrawnConsentIT extends EndedTokensInAServer {

    @Test
    void consentThatTheUserWithdrawsEndsTheClientsSessions() {
        IssuedToken token = events.token("app", "ada");
        assertEquals(200, events.consent(token, "POST", "app"));

        ends("consent withdrawn by the user", token, () -> events.consent(token, "DELETE", "app"));

        goesOn(events.token("other", "ada"));
    }

    @Test
    void consentThatAnAdministratorWithdrawsEndsTheClientsSessions() {
        IssuedToken token = events.token("app", "ada");
        IssuedToken elsewhere = events.token("other", "ada");
        assertEquals(200, events.consent(token, "POST", "app"));

        ends(
                "consent withdrawn by an administrator",
                token,
                () -> events.realm.users().get(userId).revokeConsent("app"));

        goesOn(elsewhere);
    }

    @Test
    void consentThatWasNeverGivenEndsNothing() {
        IssuedToken token = events.token("app", "ada");

        assertEquals(204, events.consent(token, "DELETE", "other"));

        goesOn(token);
        goesOn(events.token("other", "ada"));
    }
}
