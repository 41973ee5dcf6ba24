package io.perch.keycloak.password;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.policy.PasswordPolicyProvider;
import org.keycloak.policy.PolicyError;

/** Refuses a common password, for every user. */
final class NotCommonPassword implements PasswordPolicyProvider {

    static final String MESSAGE = "invalidPasswordCommonMessage";

    private final CommonPasswords commonPasswords;

    NotCommonPassword(CommonPasswords commonPasswords) {
        this.commonPasswords = commonPasswords;
    }

    @Override
    public @Nullable PolicyError validate(RealmModel realm, UserModel user, String password) {
        return validate(user.getUsername(), password);
    }

    @Override
    public @Nullable PolicyError validate(@Nullable String user, String password) {
        return commonPasswords.contain(password) ? new PolicyError(MESSAGE) : null;
    }

    @Override
    public @Nullable Object parseConfig(@Nullable String value) {
        return null;
    }

    @Override
    public void close() {}
}
