package io.perch.keycloak.authapi;

import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.keycloak.testframework.annotations.InjectKeycloakUrls;
import org.keycloak.testframework.server.KeycloakUrls;

/** A test with a separate realm in the running server. */
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
abstract class AuthApiInAServer {

    @InjectKeycloakUrls
    KeycloakUrls urls;

    AuthApiRealm realm;
    AuthApi api;

    @BeforeEach
    void createRealm() {
        realm = AuthApiRealm.create(URI.create(urls.getBase()));
        api = realm.api();
    }

    @AfterEach
    void deleteRealm() {
        realm.close();
    }
}
