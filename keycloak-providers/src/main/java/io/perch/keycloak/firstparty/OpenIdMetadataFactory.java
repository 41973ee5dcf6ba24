package io.perch.keycloak.firstparty;

/** The document of OpenID Connect Discovery 1.0. */
public final class OpenIdMetadataFactory extends MetadataFactory {

    /** Called by Keycloak. */
    public OpenIdMetadataFactory() {
        super("openid-configuration");
    }
}
