package io.perch.systemtests.pipeline;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.TestUser;
import org.junit.jupiter.api.AutoClose;

/** What every test of the pipeline holds: the system, a user of its own, and the admin API that cleans up behind it. */
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
