package io.perch.keycloak.emailcode;

import io.perch.keycloak.request.RealmCookie;
import java.time.Duration;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.common.util.Time;
import org.keycloak.models.UserModel;
import org.keycloak.representations.JsonWebToken;

/**
 * A browser in which a user has entered a code and asked to be trusted. A cookie contains the user's ID and the time. It is void after
 * the user's credentials have changed, and after the user's not-before time was set.
 *
 * @param days the days for which a browser is trusted; 0 if no browser is
 */
record TrustedBrowser(int days) {

    static final String COOKIE = "PERCH_TRUSTED_BROWSER";

    /** Whether the browser of the request is trusted for the user of the flow. */
    boolean isTrusted(AuthenticationFlowContext context) {
        return days > 0
                && cookie().get(context.getSession())
                        .filter(token -> context.getUser().getId().equals(token.getSubject()))
                        .filter(token -> isStillValid(context, token))
                        .isPresent();
    }

    /** Trusts the browser of the request. */
    void trust(AuthenticationFlowContext context) {
        cookie().set(context.getSession(), null, context.getUser().getId());
    }

    // Also if the days were reduced since
    private boolean isStillValid(AuthenticationFlowContext context, JsonWebToken token) {
        UserModel user = context.getUser();
        long issued = token.getIat();
        int notBefore = context.getSession().users().getNotBeforeOfUser(context.getRealm(), user);
        long oldest = Time.currentTimeSeconds() - cookie().life().toSeconds();
        return issued >= notBefore
                && issued >= oldest
                && user.credentialManager()
                        .getStoredCredentialsStream()
                        .noneMatch(credential -> credential.getCreatedDate() != null
                                && credential.getCreatedDate() > (issued + 1) * 1000);
    }

    private RealmCookie cookie() {
        return new RealmCookie(COOKIE, Duration.ofDays(days));
    }
}
