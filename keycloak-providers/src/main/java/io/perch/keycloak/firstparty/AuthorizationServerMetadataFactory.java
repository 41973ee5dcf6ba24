package io.perch.keycloak.firstparty;

/** The document of RFC 8414. */
public final class AuthorizationServerMetadataFactory extends MetadataFactory {

    /** Called by Keycloak. */
    public AuthorizationServerMetadataFactory() {
        super("oauth-authorization-server");
    }
}
