package io.perch.keycloak.outbox;

import java.util.List;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;

/** The JPA entities of this package and their Liquibase changelog. */
final class OutboxEntities implements JpaEntityProvider {

    @Override
    public List<Class<?>> getEntities() {
        return List.of(OutboxRow.class, SetAsideRow.class, UserLock.class, LeaseRow.class, ResyncRow.class);
    }

    @Override
    public String getChangelogLocation() {
        return "META-INF/perch-outbox-changelog.xml";
    }

    @Override
    public String getFactoryId() {
        return OutboxEntitiesFactory.PROVIDER_ID;
    }

    @Override
    public void close() {}
}
