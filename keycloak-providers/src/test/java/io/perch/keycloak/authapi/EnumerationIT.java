package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import java.util.Arrays;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** Known and unknown users take the same time. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class EnumerationIT extends AuthApiInAServer {

    private static final Logger LOG = Logger.getLogger(EnumerationIT.class);
    private static final int ROUNDS = 200;

    @Test
    void aWrongPasswordTakesAsLongAsAnUnknownUser() {
        realm.user("known");
        compare("login", "/login", "{\"username\":\"%s\",\"password\":\"wrong\"}", 401);
    }

    // Taken in turns, so that what else the machine does meets all three alike
    private void compare(String name, String path, String body, int status) {
        for (int i = 0; i < ROUNDS / 4; i++) {
            time(path, body.formatted("known"), status);
            time(path, body.formatted("unknown"), status);
        }
        long[] known = new long[ROUNDS];
        long[] unknown = new long[ROUNDS];
        long[] again = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            known[i] = time(path, body.formatted("known"), status);
            unknown[i] = time(path, body.formatted("unknown"), status);
            again[i] = time(path, body.formatted("known"), status);
        }
        double difference = Math.abs(median(known) - median(unknown)) / median(known);
        double noise = Math.abs(median(known) - median(again)) / median(known);
        LOG.infof(
                "enumeration %s: medians of %d in ms: known %.3f, unknown %.3f, known again %.3f; difference %.2f %%, noise %.2f %%",
                name,
                ROUNDS,
                median(known) / 1e6,
                median(unknown) / 1e6,
                median(again) / 1e6,
                100 * difference,
                100 * noise);
        assertTrue(difference < Math.max(0.05, noise), () -> name + ": " + difference + " against " + noise);
    }

    private long time(String path, String body, int status) {
        long start = System.nanoTime();
        Answer answer = api.post(path, body);
        long time = System.nanoTime() - start;
        assertEquals(status, answer.status());
        return time;
    }

    private static double median(long[] times) {
        long[] sorted = times.clone();
        Arrays.sort(sorted);
        return (sorted[ROUNDS / 2 - 1] + sorted[ROUNDS / 2]) / 2.0;
    }
}
