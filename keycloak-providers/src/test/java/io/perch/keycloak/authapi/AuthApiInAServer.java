package io.perch.keycloak.authapi;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.keycloak.testframework.annotations.InjectKeycloakUrls;
import org.keycloak.testframework.server.KeycloakUrls;

/** A test with a separate realm in the running server. */
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
abstract class AuthApiInAServer {

    @InjectKeycloakUrls
    KeycloakUrls urls;

    AuthApiRealm realm;
    AuthApi api;

    @BeforeEach
    void createRealm() {
        realm = AuthApiRealm.create(URI.create(urls.getBase()));
        api = realm.api();
    }

    @AfterEach
    void deleteRealm() {
        realm.close();
    }

    /** Makes a call so many times at once, and returns all answers. */
    static List<Answer> atOnce(int times, Supplier<Answer> call) {
        ExecutorService threads = Executors.newFixedThreadPool(times);
        try {
            List<CompletableFuture<Answer>> calls = Stream.generate(() -> CompletableFuture.supplyAsync(call, threads))
                    .limit(times)
                    .toList();
            return calls.stream().map(CompletableFuture::join).toList();
        } finally {
            threads.shutdownNow();
        }
    }

    /** How many passwords were compared and found wrong, by the events of this type. */
    long wrongPasswords(String eventType) {
        return realm.events(eventType).stream()
                .filter(event -> "invalid_user_credentials".equals(event.getError()))
                .count();
    }
}
