package io.perch.keycloak.emailcode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.testframework.annotations.InjectAdminClient;
import org.keycloak.testframework.remote.timeoffset.InjectTimeOffSet;
import org.keycloak.testframework.remote.timeoffset.TimeOffSet;

/** A test with a separate realm in the running server, whose clock can be changed. */
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
abstract class CodesRealmInAServer {

    @InjectAdminClient
    Keycloak admin;

    @InjectTimeOffSet
    TimeOffSet time;

    CodesRealm realm;

    @BeforeEach
    void createRealm() {
        time.set(0);
        realm = new CodesRealm(admin);
    }

    @AfterEach
    void deleteRealm() {
        time.set(0);
        realm.close();
    }
}
