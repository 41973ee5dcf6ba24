package io.perch.systemtests.pipeline;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.TestUser;
import org.junit.jupiter.api.AutoClose;

/** Base class with the system, a new user, and the admin API, which deletes the test data. */
@PerchSystemTest
abstract class PipelineSystemTest {

    final PerchSystem system;
    final PerchRealm realm;
    final TestUser user;
    final PerchApi api;

    @AutoClose
    final KeycloakAdmin admin;

    PipelineSystemTest(PerchSystem system) {
        this.system = system;
        this.realm = new PerchRealm(system);
        this.admin = new KeycloakAdmin(system);
        this.user = admin.createUser();
        this.api = PerchApi.as(system, user);
    }
}
