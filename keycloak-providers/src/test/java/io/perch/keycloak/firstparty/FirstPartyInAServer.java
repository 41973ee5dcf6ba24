package io.perch.keycloak.firstparty;

import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.keycloak.testframework.annotations.InjectKeycloakUrls;
import org.keycloak.testframework.server.KeycloakUrls;

/** A test with a realm of its own in the running server. */
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
abstract class FirstPartyInAServer {

    @InjectKeycloakUrls
    KeycloakUrls urls;

    FirstPartyRealm realm;
    FirstPartyApp app;

    @BeforeEach
    void createRealm() {
        realm = FirstPartyRealm.create(URI.create(urls.getBase()));
        app = new FirstPartyApp(realm, FirstPartyRealm.APP);
    }

    @AfterEach
    void deleteRealm() {
        realm.close();
    }
}
