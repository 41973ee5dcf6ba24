package io.perch.keycloak.firstparty;

import java.util.HashMap;
import java.util.Map;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.protocol.oidc.representations.OIDCConfigurationRepresentation;
import org.keycloak.services.Urls;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.wellknown.WellKnownProvider;
import org.keycloak.wellknown.WellKnownProviderFactory;

/**
 * Adds the endpoint to a metadata document of the realm (draft, sections 4.1 and 8; RFC 8414, section 2). What else the document says is
 * Keycloak's, with the options of Keycloak's own provider.
 */
abstract class MetadataFactory implements WellKnownProviderFactory {

    /** The metadata that the draft registers (section 10). */
    static final String ENDPOINT = "authorization_challenge_endpoint";

    // Keycloak asks the provider with the lowest priority; its own have more
    private static final int PRIORITY = 0;

    private final String document;

    /** For the document with this name, which is the id of Keycloak's own provider too. */
    MetadataFactory(String document) {
        this.document = document;
    }

    @Override
    public WellKnownProvider create(KeycloakSession session) {
        return new Metadata(session, document);
    }

    @Override
    public String getId() {
        return "perch-" + document;
    }

    @Override
    public String getAlias() {
        return document;
    }

    @Override
    public int getPriority() {
        return PRIORITY;
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}

    private record Metadata(KeycloakSession session, String document) implements WellKnownProvider {

        @Override
        public Object getConfig() {
            Object config =
                    session.getProvider(WellKnownProvider.class, document).getConfig();
            if (!isOn()) {
                return config;
            }
            if (config instanceof OIDCConfigurationRepresentation representation) {
                representation.setOtherClaims(ENDPOINT, address());
                return representation;
            }
            // So it is where an option of Keycloak's provider names a file with more
            if (config instanceof Map<?, ?> members) {
                Map<Object, Object> more = new HashMap<>(members);
                more.put(ENDPOINT, address());
                return more;
            }
            return config;
        }

        private boolean isOn() {
            return session.getKeycloakSessionFactory()
                                    .getProviderFactory(
                                            RealmResourceProvider.class, FirstPartyAppsProviderFactory.PROVIDER_ID)
                            instanceof FirstPartyAppsProviderFactory factory
                    && factory.isEnabled();
        }

        private String address() {
            return Urls.realmIssuer(
                            session.getContext().getUri().getBaseUri(),
                            session.getContext().getRealm().getName())
                    + "/" + FirstPartyAppsProviderFactory.PROVIDER_ID;
        }

        @Override
        public void close() {}
    }
}
