package io.perch.keycloak.legacy;

import org.keycloak.models.KeycloakSession;

/** The nanoseconds that the lookups of one session have taken, imports included. */
final class LookUpTime {

    private static final String ATTRIBUTE = "perch-legacy-look-up-time";

    private LookUpTime() {}

    static void add(KeycloakSession session, long nanos) {
        session.setAttribute(ATTRIBUTE, of(session) + nanos);
    }

    static long of(KeycloakSession session) {
        return session.getAttributeOrDefault(ATTRIBUTE, 0L);
    }
}
