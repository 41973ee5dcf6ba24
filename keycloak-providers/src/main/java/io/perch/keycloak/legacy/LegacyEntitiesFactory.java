package io.perch.keycloak.legacy;

import org.keycloak.Config;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Adds the table of this package to Keycloak's database. */
public final class LegacyEntitiesFactory implements JpaEntityProviderFactory {

    /** Keycloak names Liquibase's table after this id. It must never change. */
    public static final String PROVIDER_ID = "perch-legacy";

    @Override
    public JpaEntityProvider create(KeycloakSession session) {
        return new LegacyEntities();
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
