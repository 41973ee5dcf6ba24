package io.perch.keycloak.legacy;

import org.keycloak.Config;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** The event listener {@code legacy-times}, which is active in every realm. */
public final class RefusalTimeEqualizerFactory implements EventListenerProviderFactory {

    /** The listener's name. */
    public static final String PROVIDER_ID = "legacy-times";

    private final HashTimes times = new HashTimes();

    @Override
    public EventListenerProvider create(KeycloakSession session) {
        return new RefusalTimeEqualizer(session, times);
    }

    @Override
    public boolean isGlobal() {
        return true;
    }

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
