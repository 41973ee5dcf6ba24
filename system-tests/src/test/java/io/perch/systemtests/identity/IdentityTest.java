package io.perch.systemtests.identity;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchRealm;
import org.junit.jupiter.api.AutoClose;

/** Base class with the realm, and with the admin API, which deletes the test data. */
@PerchSystemTest
abstract class IdentityTest {

    final PerchSystem system;
    final PerchRealm realm;

    @AutoClose
    final KeycloakAdmin admin;

    IdentityTest(PerchSystem system) {
        this.system = system;
        this.realm = new PerchRealm(system);
        this.admin = new KeycloakAdmin(system);
    }
}
