package io.perch.keycloak.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.bcrypt.BcryptPasswordHashProviderFactory;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.utils.ModelToRepresentation;
import org.keycloak.representations.idm.PartialImportRepresentation;
import org.keycloak.representations.idm.PartialImportRepresentation.Policy;
import org.keycloak.representations.idm.UserRepresentation;

/**
 * Measures how fast a synchronization imports users, compared with Keycloak's partial import of the same users, and the heap that
 * the server needs. Both alternate, into new realms of one server. It only prints the results, and the build does not run it. The
 * README has its command.
 */
class SynchronizationBenchmark {

    private static final int USERS = Integer.getInteger("perch.benchmark.users", 10_000);
    /** Users in one request of the partial import. Its time grows with the square of this number. */
    private static final int IN_A_FILE = Integer.getInteger("perch.benchmark.file", 500);

    private static final int ROUNDS = Integer.getInteger("perch.benchmark.rounds", 2);
    private static final int HEAP_POINTS = 4;
    private static final Pattern USED = Pattern.compile("(?:heap|generation).*used (\\d+)K");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void h2() throws Exception {
        try (OldDatabase database = OldDatabase.postgresql();
                KeycloakProcess keycloak = KeycloakProcess.start(
                        Map.of("JAVA_OPTS_APPEND", ""),
                        List.of(
                                "--db=dev-file",
                                "--db-url=jdbc:h2:file:" + folder.resolve("keycloak") + ";NON_KEYWORDS=VALUE",
                                "--db-kind-legacy=postgres"));
                Keycloak admin = keycloak.admin()) {
            database.addUsers("ada", USERS);
            double[] synchronizations = new double[ROUNDS];
            double[] imports = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                try (MovingRealm realm = realm(keycloak, admin)) {
                    synchronizations[round] = synchronize(realm, database);
                }
                try (MovingRealm realm = realm(keycloak, admin)) {
                    imports[round] = importPartially(realm);
                }
                print("round " + (round + 1), synchronizations[round], imports[round]);
            }
            print(ROUNDS + " rounds", mean(synchronizations), mean(imports));
            watchHeap(keycloak, admin, database);
        }
    }

    private static MovingRealm realm(KeycloakProcess keycloak, Keycloak admin) {
        return new MovingRealm(keycloak.address().toString(), admin);
    }

    private static double synchronize(MovingRealm realm, OldDatabase database) {
        String component = realm.connect(database);
        long start = System.nanoTime();
        assertEquals(USERS, realm.sync(component, "triggerFullSync").getAdded());
        return USERS / seconds(start);
    }

    private static double importPartially(MovingRealm realm) {
        long start = System.nanoTime();
        for (int done = 0; done < USERS; done += IN_A_FILE) {
            PartialImportRepresentation file = new PartialImportRepresentation();
            file.setIfResourceExists(Policy.FAIL.name());
            file.setUsers(IntStream.rangeClosed(done + 1, Math.min(done + IN_A_FILE, USERS))
                    .mapToObj(i -> user(i, "default-roles-" + realm.name))
                    .toList());
            try (Response response = realm.realm.partialImport(file)) {
                assertEquals(200, response.getStatus(), () -> response.readEntity(String.class));
            }
        }
        double seconds = seconds(start);
        assertEquals(USERS, realm.count());
        return USERS / seconds;
    }

    // The same users as OldDatabase.addUsers
    private static UserRepresentation user(int number, String defaultRole) {
        PasswordCredentialModel password = BcryptPasswordHashProviderFactory.credential(OldDatabase.HASH);
        UserRepresentation user = new UserRepresentation();
        user.setUsername("ada" + number);
        user.setEmail("ada" + number + "@perch.example");
        user.setEmailVerified(true);
        user.setEnabled(true);
        user.setFirstName("Ada");
        user.setLastName("Perch");
        user.setRealmRoles(List.of(defaultRole, "user"));
        user.setCredentials(List.of(ModelToRepresentation.toRepresentation(password)));
        return user;
    }

    private static void watchHeap(KeycloakProcess keycloak, Keycloak admin, OldDatabase database) throws Exception {
        try (MovingRealm realm = realm(keycloak, admin)) {
            String component = realm.connect(database);
            List<String> heap = new ArrayList<>();
            heap.add("before " + usedHeap(keycloak));
            CompletableFuture<Void> synchronization =
                    CompletableFuture.runAsync(() -> realm.sync(component, "triggerFullSync"));
            for (int point = 1; point <= HEAP_POINTS; point++) {
                int users = USERS * point / (HEAP_POINTS + 1);
                Awaitility.await()
                        .atMost(Duration.ofMinutes(10))
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> realm.count() >= users);
                heap.add("after " + users + " users " + usedHeap(keycloak));
            }
            synchronization.join();
            assertEquals(USERS, realm.count());
            heap.add("at the end " + usedHeap(keycloak));
            print("heap in use after a full collection, in KiB: " + heap);
        }
    }

    private static long usedHeap(KeycloakProcess keycloak) throws IOException {
        jcmd(keycloak, "GC.run");
        Matcher matcher = USED.matcher(jcmd(keycloak, "GC.heap_info"));
        long used = 0;
        while (matcher.find()) {
            used += Long.parseLong(matcher.group(1));
        }
        return used;
    }

    private static String jcmd(KeycloakProcess keycloak, String command) throws IOException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(keycloak.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void print(String rounds, double synchronization, double partialImport) {
        print("%s of %d users: synchronization %.0f/s, partial import in files of %d %.0f/s, ratio %.1f"
                .formatted(rounds, USERS, synchronization, IN_A_FILE, partialImport, synchronization / partialImport));
    }

    private static void print(String line) {
        System.out.println("benchmark synchronization, " + line);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
