package io.perch.keycloak.headless;

import java.util.Map;
import java.util.Optional;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.RecoveryAuthnCodesCredentialModel;
import org.keycloak.models.utils.RecoveryAuthnCodesUtils;

/** The recovery code that the user has to enter: they are numbered, and used in their order. */
final class RecoveryCode {

    private RecoveryCode() {}

    static Map<String, Object> details(StepContext context) {
        UserModel user = context.login().getAuthenticatedUser();
        return Optional.ofNullable(user)
                .flatMap(RecoveryAuthnCodesUtils::getCredential)
                .map(RecoveryAuthnCodesCredentialModel::createFromCredentialModel)
                .flatMap(RecoveryAuthnCodesCredentialModel::getNextRecoveryAuthnCode)
                .map(code -> Map.<String, Object>of("recovery_code_number", code.getNumber()))
                .orElse(Map.of());
    }
}
