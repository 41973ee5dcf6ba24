package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.perch.keycloak.PageBrowser;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;

/**
 * A test of tokens that Keycloak no longer accepts, and that are void for a consumer too. First {@code userinfo} accepts the token,
 * then it refuses it, and the events make it void. There is a test for each row of the table in {@code docs/user-events.md}.
 */
@SuppressWarnings("NullAway.Init") // JUnit's methods set the fields
abstract class EndedTokensInAServer extends EventsInAServer {

    private static final List<String> FIGURES = Collections.synchronizedList(new ArrayList<>());

    String userId;

    @AfterAll
    static void showFigures() {
        System.out.println("\nFrom the end at Keycloak until the event is in Kafka, polled:");
        FIGURES.forEach(System.out::println);
        FIGURES.clear();
    }

    @BeforeEach
    void addAnotherClientAndAUser() {
        ClientRepresentation other = new ClientRepresentation();
        other.setClientId("other");
        other.setPublicClient(true);
        other.setDirectAccessGrantsEnabled(true);
        other.setRedirectUris(List.of("http://localhost/app"));
        events.realm.clients().create(other).close();
        userId = events.addUser("ada");
    }

    /** Accepted before; refused afterwards by Keycloak and by consumers of the events. */
    void ends(String how, IssuedToken token, Runnable end) {
        endsForConsumers(how, token, end);
        assertNotEquals(200, events.userinfo(token), "accepted by Keycloak after: " + how);
    }

    /**
     * Accepted before, refused afterwards by consumers of the events. Keycloak's {@code userinfo} does not check whether the realm
     * is enabled, and does not notice that another user has the same id.
     */
    void endsForConsumers(String how, IssuedToken token, Runnable end) {
        assertEquals(200, events.userinfo(token), "accepted before");
        assertFalse(VoidTokens.isVoid(broker.received(), events.name, token), "void before");
        end.run();
        long done = System.nanoTime();
        Awaitility.await(how)
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> VoidTokens.isVoid(broker.received(), events.name, token));
        FIGURES.add("%-55s %5.0f ms".formatted(how, (System.nanoTime() - done) / 1e6));
    }

    /** Accepted by Keycloak and by consumers of the events. */
    void goesOn(IssuedToken token) {
        String marker = events.addUserWithoutPassword("marker-" + System.nanoTime());
        Awaitility.await().atMost(TIMEOUT).until(() -> broker.received().stream()
                .anyMatch(event -> event.key().equals(marker)));
        assertFalse(VoidTokens.isVoid(broker.received(), events.name, token), "void");
        assertEquals(200, events.userinfo(token), "accepted");
    }

    /** Waits for the next second, because a token has its time of issue in whole seconds. */
    static void awaitSecondAfter(IssuedToken token) {
        Awaitility.await().until(() -> System.currentTimeMillis() / 1000 > token.issuedAt());
    }

    /** One second from now, in seconds since 1970. */
    static int inASecond() {
        return (int) (System.currentTimeMillis() / 1000) + 1;
    }

    /** Changes settings of the realm. */
    void change(Consumer<RealmRepresentation> change) {
        RealmRepresentation realm = events.realm.toRepresentation();
        change.accept(realm);
        events.realm.update(realm);
    }

    /** Signs a user in on the page, and returns the authorization code. */
    String code(PageBrowser browser, String client, String more, String username) {
        browser.open(events.authorization(client, more));
        browser.submit("username", username, "password", EventsRealm.PASSWORD, "credentialId", "");
        return code(browser);
    }

    /** The authorization code that a browser has been sent to the app with. */
    static String code(PageBrowser browser) {
        URI address = browser.address();
        assertEquals("/app", address.getPath(), address::toString);
        for (String parameter : address.getQuery().split("&", -1)) {
            if (parameter.startsWith("code=")) {
                return parameter.substring("code=".length());
            }
        }
        throw new AssertionError("No code in " + address);
    }
}
