package io.perch.keycloak.outbox;

import java.util.regex.Pattern;

/** {@code ${vault.NAME}}, which stands for a secret in Keycloak's vault. */
final class VaultExpression {

    // As Keycloak's DefaultVaultTranscriber reads it
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{vault\\.(.+?)}");

    private VaultExpression() {}

    /** Whether a value is such an expression, and nothing else. */
    static boolean is(String value) {
        return EXPRESSION.matcher(value).matches();
    }
}
