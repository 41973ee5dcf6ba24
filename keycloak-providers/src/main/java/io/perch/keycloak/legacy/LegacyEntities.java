package io.perch.keycloak.legacy;

import java.util.List;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;

/** The JPA entity of this package and its Liquibase changelog. */
final class LegacyEntities implements JpaEntityProvider {

    @Override
    public List<Class<?>> getEntities() {
        return List.of(DeletedUserRow.class);
    }

    @Override
    public String getChangelogLocation() {
        return "META-INF/perch-legacy-changelog.xml";
    }

    @Override
    public String getFactoryId() {
        return LegacyEntitiesFactory.PROVIDER_ID;
    }

    @Override
    public void close() {}
}
