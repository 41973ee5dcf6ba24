package io.perch.keycloak.authapi;

import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;

/** The auth API for one request. */
final class AuthApiProvider implements RealmResourceProvider {

    private final KeycloakSession session;
    private final Settings settings;

    AuthApiProvider(KeycloakSession session, Settings settings) {
        this.session = session;
        this.settings = settings;
    }

    @Override
    public Object getResource() {
        return new AuthApiResource(session, settings);
    }

    @Override
    public void close() {}
}
