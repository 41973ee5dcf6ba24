package io.perch.keycloak.emailcode;

import io.perch.keycloak.emailcode.EmailCodes.Purpose;

/** A mail that is to go out, with its code. It lives in memory only. */
record Letter(String realmId, String userId, String email, Purpose purpose, String issueId, String code, Asker asker) {

    /** Without the code, which must stand in no log. */
    @Override
    public String toString() {
        return "realm_id=" + realmId + " user_id=" + userId + " purpose=" + purpose;
    }
}
