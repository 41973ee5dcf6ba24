package io.perch.keycloak.notice;

import java.util.List;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;

/** The table of this package, and how it comes to be. */
final class NoticeEntities implements JpaEntityProvider {

    @Override
    public List<Class<?>> getEntities() {
        return List.of(KnownDevice.class);
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
