package io.perch.keycloak.emailcode;

import io.perch.keycloak.emailcode.EmailCodes.Purpose;

/**
 * A code that will be mailed, as plain text. It exists in memory only.
 *
 * @param binding the only authentication session that can use the code; empty if any request can
 * @param life seconds for which the code is valid
 */
record IssuedCode(
        String realmId,
        String userId,
        String email,
        Purpose purpose,
        String binding,
        String issueId,
        String code,
        int life,
        RequestOrigin origin) {

    /** Without the code, because a code must not appear in a log. */
    @Override
    public String toString() {
        return "realm_id=" + realmId + " user_id=" + userId + " purpose=" + purpose;
    }
}
