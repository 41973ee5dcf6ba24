package io.perch.keycloak.notice;

import java.util.List;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;

/** The JPA entities of this package and their Liquibase changelog. */
final class NoticeEntities implements JpaEntityProvider {

    @Override
    public List<Class<?>> getEntities() {
        return List.of(KnownDevice.class, StoredNotice.class);
    }

    @Override
    public String getChangelogLocation() {
        return "META-INF/perch-notice-changelog.xml";
    }

    @Override
    public String getFactoryId() {
        return NoticeEntitiesFactory.PROVIDER_ID;
    }

    @Override
    public void close() {}
}
