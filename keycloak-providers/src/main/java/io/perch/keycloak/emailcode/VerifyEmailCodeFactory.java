package io.perch.keycloak.emailcode;

import org.keycloak.Config;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/**
 * The required action {@code verify-email-code}. If it is enabled in a realm that verifies e-mail addresses, users with an
 * unverified address get it automatically. The realm must disable Keycloak's {@code VERIFY_EMAIL}, otherwise users get a link too.
 */
public final class VerifyEmailCodeFactory implements RequiredActionFactory {

    /** The required action's id in realms and on users. */
    public static final String PROVIDER_ID = "verify-email-code";

    @Override
    public RequiredActionProvider create(KeycloakSession session) {
        return new VerifyEmailCode(session.getProvider(EmailCodes.class));
    }

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public String getDisplayText() {
        return "Verify Email by Code";
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
