package io.perch.keycloak.emailcode;

import org.junit.jupiter.api.BeforeEach;
import org.keycloak.testframework.remote.runonserver.InjectRunOnServer;
import org.keycloak.testframework.remote.runonserver.RunOnServerClient;

/** A test of {@link EmailCodes} in the running server. The realm has the user ada, whose address is not verified. */
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
abstract class EmailCodesInAServer extends CodesRealmInAServer {

    @InjectRunOnServer(permittedPackages = "io.perch.keycloak.emailcode")
    RunOnServerClient server;

    CodesInAServer codes;

    @BeforeEach
    void createUser() {
        codes = new CodesInAServer(server, realm.name);
        realm.createUser("ada", false);
    }
}
