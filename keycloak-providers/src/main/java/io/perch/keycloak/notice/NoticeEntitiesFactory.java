package io.perch.keycloak.notice;

import org.keycloak.Config;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Adds the tables of this package to Keycloak's database. */
public final class NoticeEntitiesFactory implements JpaEntityProviderFactory {

    /** Keycloak names Liquibase's table after this id. It must never change. */
    public static final String PROVIDER_ID = "perch-notice";

    @Override
    public JpaEntityProvider create(KeycloakSession session) {
        return new NoticeEntities();
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
