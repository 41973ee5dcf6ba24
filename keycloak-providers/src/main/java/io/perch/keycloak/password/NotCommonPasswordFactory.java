package io.perch.keycloak.password;

import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.policy.PasswordPolicyProvider;
import org.keycloak.policy.PasswordPolicyProviderFactory;

/** The password policy {@code notCommon}. It has no value. */
public final class NotCommonPasswordFactory implements PasswordPolicyProviderFactory {

    /** The policy's name in realms. */
    public static final String PROVIDER_ID = "notCommon";

    private final CommonPasswords commonPasswords = CommonPasswords.read();

    @Override
    public PasswordPolicyProvider create(KeycloakSession session) {
        return new NotCommonPassword(commonPasswords);
    }

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public String getDisplayName() {
        return "Not Common";
    }

    @Override
    public @Nullable String getConfigType() {
        return null;
    }

    @Override
    public @Nullable String getDefaultConfigValue() {
        return null;
    }

    @Override
    public boolean isMultiplSupported() {
        return false;
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
