package io.perch.keycloak.firstparty;

import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;

/** The endpoint for one request. */
final class FirstPartyAppsProvider implements RealmResourceProvider {

    private final KeycloakSession session;
    private final Settings settings;

    FirstPartyAppsProvider(KeycloakSession session, Settings settings) {
        this.session = session;
        this.settings = settings;
    }

    @Override
    public Object getResource() {
        return new ChallengeResource(session, settings);
    }

    @Override
    public void close() {}
}
