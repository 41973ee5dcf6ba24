package io.perch.keycloak.emailcode;

import io.perch.keycloak.emailcode.EmailCodes.Purpose;

/**
 * A code that is to be mailed, in clear: it lives in memory only.
 *
 * @param binding the authentication session that alone can use the code; empty where any request can
 */
record IssuedCode(
        String realmId,
        String userId,
        String email,
        Purpose purpose,
        String binding,
        String issueId,
        String code,
        RequestOrigin origin) {

    /** Without the code, which must stand in no log. */
    @Override
    public String toString() {
        return "realm_id=" + realmId + " user_id=" + userId + " purpose=" + purpose;
    }
}
