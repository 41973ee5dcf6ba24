package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The list of users for administrators. */
@ResourceServerTest
class AdminUsersTest {

    private final Api api;
    private final MongoOperations mongo;
    private final KeycloakEvents keycloak;
    private final Caller admin;

    @Autowired
    AdminUsersTest(Api api, MongoOperations mongo, KafkaTemplate<String, byte[]> kafka) {
        this.api = api;
        this.mongo = mongo;
        this.keycloak = new KeycloakEvents(kafka);
        this.admin = api.asNewUser("user", "moderator", "admin");
    }

    @Test
    void onlyAdministratorsMayListUsers() {
        assertThat(admin.get("/admin/users").status()).isEqualTo(200);
        api.asNewUser("user", "moderator").get("/admin/users").isProblem(403, "forbidden");
        api.asNewUser().get("/admin/users").isProblem(403, "forbidden");
        api.withToken(null).get("/admin/users").isProblem(401, "unauthorized");
    }

    @Test
    void pagesListEveryUserOnceNewestFirst() {
        String prefix = prefix();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ObjectNode event = user(prefix + i);
            // Two of them have the same time of creation
            KeycloakEvents.user(event)
                    .put("created_at", Instant.EPOCH.plusSeconds(i / 2).toString());
            keycloak.send(event);
            made.add(event.path("subject").asString());
        }
        awaitFound(prefix, 7);

        List<String> seen = new ArrayList<>();
        List<String> createdAt = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        for (String next = ""; next != null; ) {
            JsonNode page =
                    admin.get("/admin/users?limit=3&search=" + prefix + next).body();
            sizes.add(page.path("items").size());
            page.path("items").forEach(user -> {
                seen.add(user.path("user_id").asString());
                createdAt.add(user.path("created_at").asString());
            });
            next = page.has("next") ? "&after=" + page.path("next").asString() : null;
        }

        assertThat(sizes).containsExactly(3, 3, 1);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(made).doesNotHaveDuplicates();
        assertThat(createdAt).isSortedAccordingTo(Collections.reverseOrder());
    }

    @Test
    void aUserIsFoundByThePrefixOfEachNameInAnyCase() {
        String prefix = prefix();
        ObjectNode event = user(prefix + "_Login");
        KeycloakEvents.user(event)
                .put("email", prefix + "mail@perch.example")
                .put("first_name", prefix + "Ann-Marie Léa")
                .put("last_name", "van " + prefix + "Müller");
        keycloak.send(event);
        awaitFound(prefix, 1);

        for (String search : List.of(
                prefix + "_LOG",
                prefix + "mail@perch",
                prefix + "ann-m",
                "LÉA van " + prefix + "MÜ",
                prefix + "ann-marie  léa van",
                prefix + "Mu\u0308ller",
                prefix.toUpperCase(java.util.Locale.ROOT))) {
            String full = search.startsWith("LÉA") ? prefix + "ann-marie " + search : search;
            assertThat(found(full)).as(full).hasSize(1);
        }
        assertThat(found(prefix + "marie")).isEmpty();
        assertThat(found(prefix.substring(1)))
                .as("a part in the middle of the name")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".*",
                "^",
                "$",
                "(",
                "[a",
                "\\",
                "\\E.*",
                "\\Q",
                "\\E\\E",
                "*",
                "?",
                "{\"$ne\":null}",
                "a|b",
                "(?i)x",
                "%"
            })
    void aSearchIsNotARegularExpression(String search) {
        keycloak.send(user(prefix()));

        Answer answer = admin.get("/admin/users?search=" + encoded(search));

        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        assertThat(answer.body().path("items")).isEmpty();
    }

    @Test
    void aNameFullOfSpecialCharactersIsFound() {
        String name = prefix() + ".*\\E[(+$^|?{";
        keycloak.send(user(name));

        awaitFound(name, 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=101",
                "limit=many",
                "after=%21",
                "after=YWJj",
                "search=",
                "search=%20%20",
                "search=a%00b",
                "search=a%0Ab"
            })
    void invalidParametersAreRefused(String parameters) {
        admin.get("/admin/users?" + parameters).isProblem(400, "invalid-request");
    }

    @Test
    void aSearchThatIsTooLongIsRefused() {
        String long255 = "x".repeat(255);

        assertThat(admin.get("/admin/users?search=" + long255).status()).isEqualTo(200);
        admin.get("/admin/users?search=" + long255 + "x").isProblem(400, "invalid-request");
    }

    @Test
    void otherDocumentsInTheCollectionAreNotListed() {
        String prefix = prefix();
        mongo.insert(new Document("username", prefix).append("hashed_password", "$2b$12$old"), "users");
        String signedIn = UUID.randomUUID().toString();
        keycloak.send(keycloak.event("logged_in", signedIn));
        ObjectNode last = keycloak.stateEvent("registered", signedIn + "x", prefix + "x");
        keycloak.send(last);
        awaitFound(prefix + "x", 1);

        List<String> ids = new ArrayList<>();
        for (String next = ""; next != null; ) {
            Answer page = admin.get("/admin/users?limit=100" + next);
            assertThat(page.status()).isEqualTo(200);
            page.body()
                    .path("items")
                    .forEach(user -> ids.add(user.path("user_id").asString()));
            next = page.body().has("next")
                    ? "&after=" + page.body().path("next").asString()
                    : null;
        }
        assertThat(ids).contains(signedIn + "x").doesNotContain(signedIn).doesNotHaveDuplicates();
        assertThat(found(prefix)).hasSize(1);
    }

    private ObjectNode user(String name) {
        return keycloak.stateEvent("registered", UUID.randomUUID().toString(), name);
    }

    private static String prefix() {
        return "p" + UUID.randomUUID().toString().replace("-", "");
    }

    private void awaitFound(String search, int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> found(search).size() == count);
    }

    private List<JsonNode> found(String search) {
        Answer answer = admin.get("/admin/users?limit=100&search=" + encoded(search));
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return answer.body().path("items").valueStream().toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
