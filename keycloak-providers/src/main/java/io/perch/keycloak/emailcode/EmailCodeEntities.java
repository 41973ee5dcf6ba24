package io.perch.keycloak.emailcode;

import java.util.List;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;

/** The JPA entities of this package and their Liquibase changelog. */
final class EmailCodeEntities implements JpaEntityProvider {

    @Override
    public List<Class<?>> getEntities() {
        return List.of(StoredCode.class, StoredBudget.class);
    }

    @Override
    public String getChangelogLocation() {
        return "META-INF/perch-email-code-changelog.xml";
    }

    @Override
    public String getFactoryId() {
        return EmailCodeEntitiesFactory.PROVIDER_ID;
    }

    @Override
    public void close() {}
}
