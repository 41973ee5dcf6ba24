package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.RealmEventsConfigRepresentation;

/** The states of all users of a realm are published again. */
class ResyncIT extends EventsInAServer {

    @Test
    void aResyncPublishesEveryUserAgainAndShowsItsProgress() {
        List<String> ids = IntStream.range(0, 230)
                .mapToObj(i -> events.addUserWithoutPassword("user-" + i))
                .toList();
        String token = admin.tokenManager().getAccessTokenString();

        HttpResponse<String> started = events.resync("POST", token);

        assertEquals(202, started.statusCode(), started.body());
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> events.resync("GET", token).body().contains("\"status\":\"done\""));
        String done = events.resync("GET", token).body();
        assertTrue(done.contains("\"published\":230"), done);
        assertTrue(done.contains("\"total\":230"), done);
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertEquals(
                        Set.copyOf(ids),
                        broker.received().stream()
                                .filter(event -> event.type().equals("io.perch.user.snapshot"))
                                .filter(event -> event.data().path("user").has("username"))
                                .map(ReceivedEvent::key)
                                .filter(ids::contains)
                                .collect(Collectors.toSet())));
    }

    @Test
    void aResyncIsForAdministratorsOnly() {
        events.addUser("ada");
        String token =
                events.signIn("ada", EventsRealm.PASSWORD).path("access_token").asText();

        assertTrue(Set.of(401, 403).contains(events.resync("POST", token).statusCode()));
        assertEquals(401, events.resync("POST", "no-token").statusCode());
    }

    @Test
    void existingUsersArePublishedWhenTheListenerIsActivated() {
        EventsRealm silent = new EventsRealm(keycloak.address(), admin, List.of("jboss-logging"));
        String id = silent.addUser("ada");
        RealmEventsConfigRepresentation config = silent.realm.getRealmEventsConfig();
        config.setEventsListeners(List.of("jboss-logging", UserEventsListenerFactory.PROVIDER_ID));
        silent.realm.updateRealmEventsConfig(config);

        assertEquals(
                "ada",
                await(id, "io.perch.user.snapshot")
                        .get(0)
                        .data()
                        .path("user")
                        .path("username")
                        .asText());
    }
}
