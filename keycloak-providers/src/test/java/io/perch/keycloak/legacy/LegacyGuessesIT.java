package io.perch.keycloak.legacy;

import static io.perch.keycloak.legacy.OldDatabase.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a stranger learns by guessing passwords of users who are not imported yet. */
class LegacyGuessesIT extends LegacyUsersInAServer {

    @Test
    void bruteForceProtectionStopsAThousandGuessesForAUserWhoIsNotImportedYet() throws Exception {
        postgresql.addUsers("ada", 1);
        // To make the test faster
        realm.hashCheaply();
        realm.connect(postgresql, "cost", "4", "refusal-time", "0");
        String id = "";
        for (int i = 1; i <= 30; i++) {
            assertEquals(400, realm.grant.signIn("ada1", "wrong" + i));
            id = realm.user("ada1").getId();
            awaitFailures(id, i);
        }
        assertEquals(
                true, realm.realm.attackDetection().bruteForceUserStatus(id).get("disabled"));
        for (int i = 31; i <= 1_000; i++) {
            assertEquals(400, realm.grant.signIn("ada1", "wrong" + i));
        }
        assertEquals(400, realm.grant.signIn("ada1", PASSWORD));
        realm.realm.attackDetection().clearBruteForceForUser(id);
        assertEquals(200, realm.grant.signIn("ada1", PASSWORD));
    }

    @Test
    void theTimeOfARefusalDoesNotShowWhoHasAnAccount() throws Exception {
        postgresql.addUsers("ada", 2);
        realm.connect(postgresql, "cost", "11");
        // The first user has signed in and has one of Keycloak's hashes. The second still has the old one, with cost 5
        assertEquals(200, realm.grant.signIn("ada1", PASSWORD));
        realm.grant.signIn("ada2", "wrong");
        List<String> names = List.of("ada1", "ada2", "nobody", "nobody@perch.example");
        Map<String, List<Long>> times = new HashMap<>();
        for (int round = 0; round < 15; round++) {
            for (String name : names) {
                long began = System.nanoTime();
                assertEquals(400, realm.grant.signIn(name, "wrong"));
                times.computeIfAbsent(name, any -> new ArrayList<>()).add(System.nanoTime() - began);
            }
        }
        List<Long> medians = times.values().stream()
                .map(all -> all.stream().sorted().toList().get(all.size() / 2))
                .sorted()
                .toList();
        // Without the second hash the ratio is more than 3. The rest is noise of a busy machine
        assertTrue(medians.get(3) < 1.5 * medians.get(0), times::toString);
    }
}
