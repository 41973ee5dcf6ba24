package io.perch.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.AuthApi;
import io.perch.systemtests.client.PerchApi;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** After a restore, the user and the task of an earlier test exist, and the sealed password can be opened. */
@Tag("containers")
@PerchSystemTest
class RestoredIT {

    private final PerchSystem system;

    RestoredIT(PerchSystem system) {
        this.system = system;
    }

    @Test
    void afterARestoreTheUserTheTaskAndTheStoredPasswordAreUsable() {
        Optional<KeptUser> kept = KeptUser.find();
        assumeTrue(kept.isPresent(), "no earlier test has kept a user");
        KeptUser keptUser = kept.orElseThrow();

        Answer tokens =
                new AuthApi(system).post("/login", Map.of("email", keptUser.email(), "password", keptUser.password()));
        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
        PerchApi api = PerchApi.withToken(system, tokens.field("access_token"));

        JsonNode task = api.get("/tasks/" + keptUser.task()).json();
        assertThat(task.path("status").asString()).isEqualTo("success");

        Answer again =
                api.post("/twitter-accounts/" + task.path("twitter_account_id").asString() + "/login", "");
        assertThat(again.status()).as(again.body()).isEqualTo(202);
        assertThat(api.awaitFinal(again.field("task_id")).path("status").asString())
                .isEqualTo("success");
    }
}
