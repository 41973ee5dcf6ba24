package io.perch.keycloak.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.ResponseTimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/**
 * Users of Keycloak, users who are imported already, users who are imported by the request, and unknown users take the same time. The
 * realm's hashes are as cheap as possible, so that a small difference shows.
 */
class LegacyEnumerationIT extends LegacyUsersInAServer {

    private static final String KNOWN = "known";
    private static final String OTHER = "other";
    private static final String IMPORTED = "imported";

    /** In the old database only, so that the measured request imports the user. */
    private static final String OLD = "old";

    private static final List<String> GROUPS = List.of(KNOWN, OTHER, IMPORTED, OLD, "unknown");

    private static final int ROUNDS = 40;
    private static final int BATCH = 10;

    private final HttpClient http = HttpClient.newHttpClient();
    private int batches;

    @BeforeEach
    void createUsers() throws Exception {
        realm.hashCheaply();
        RealmRepresentation settings = realm.realm.toRepresentation();
        // The many wrong guesses here lock nobody out
        settings.setFailureFactor(100_000);
        settings.setResetPasswordAllowed(true);
        realm.realm.update(settings);
        for (String group : List.of(KNOWN, OTHER)) {
            for (int i = 1; i <= BATCH; i++) {
                createUser(group + i);
            }
        }
        postgresql.addUsers(IMPORTED, BATCH);
        realm.connect(postgresql, "cost", "5");
        for (int i = 1; i <= BATCH; i++) {
            assertEquals(400, realm.grant.signIn(IMPORTED + i, "wrong"));
        }
    }

    @Test
    void aWrongPasswordTakesTheSameTime() {
        compare("login", "/login", "{\"username\":\"%s\",\"password\":\"wrong\"}", 401);
    }

    @Test
    void aWrongCodeOfAVerificationTakesTheSameTime() {
        compare("verify-email", "/verify-email", "{\"email\":\"%s@perch.example\",\"code\":\"000000\"}", 400);
    }

    @Test
    void aWrongCodeOfAResetTakesTheSameTime() {
        compare(
                "reset-password",
                "/reset-password",
                "{\"email\":\"%s@perch.example\",\"code\":\"000000\",\"new_password\":\"another horse battery\"}",
                400);
    }

    @Test
    void aForgottenPasswordTakesTheSameTime() {
        compare("forgot-password", "/forgot-password", "{\"email\":\"%s@perch.example\"}", 202);
    }

    private void compare(String call, String path, String body, int status) {
        new ResponseTimes(GROUPS, ROUNDS, BATCH, () -> send("/openapi.json", null, 200))
                .compare(
                        "of an old database, " + call,
                        this::addOldUsers,
                        (group, round) -> time(path, body.formatted(name(group, round)), status),
                        () -> {});
    }

    private void addOldUsers() {
        batches++;
        postgresql.addUsers(prefix(), BATCH);
    }

    private String name(String group, int round) {
        return (group.equals(OLD) ? prefix() : group) + (round + 1);
    }

    private String prefix() {
        return OLD + batches + "x";
    }

    private void createUser(String name) {
        UserRepresentation user = new UserRepresentation();
        user.setUsername(name);
        user.setEmail(name + "@perch.example");
        user.setEmailVerified(false);
        user.setEnabled(true);
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(OldDatabase.PASSWORD);
        user.setCredentials(List.of(password));
        try (var response = realm.realm.users().create(user)) {
            assertEquals(201, response.getStatus());
        }
    }

    private double time(String path, String body, int status) {
        long start = System.nanoTime();
        send(path, body, status);
        return (System.nanoTime() - start) / 1e6;
    }

    private void send(String path, @Nullable String body, int status) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create(keycloak.address() + "/realms/" + realm.name + "/auth-api/v1" + path));
        if (body != null) {
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        }
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            assertEquals(status, response.statusCode(), response::body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
