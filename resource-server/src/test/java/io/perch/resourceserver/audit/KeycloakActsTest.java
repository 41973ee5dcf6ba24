package io.perch.resourceserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.events.UserEvent;
import io.perch.resourceserver.events.UserEvent.Actor;
import io.perch.resourceserver.events.UserEventType;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;

/** The actor of an entry is the user who was authenticated. Otherwise there is no actor. */
@TestInstance(Lifecycle.PER_CLASS)
class KeycloakActsTest {

    private static final String VICTIM = "the-user";

    private final MongoServer server = new MongoServer(new MemoryBackend());
    private SimpleMongoClientDatabaseFactory connection;
    private MongoTemplate mongo;

    @BeforeAll
    void start() {
        connection = new SimpleMongoClientDatabaseFactory(
                server.bindAndGetConnectionString().replaceAll("/$", "") + "/audit");
        mongo = new MongoTemplate(connection);
    }

    @AfterAll
    void stop() throws Exception {
        connection.destroy();
        server.shutdownNow();
    }

    @Test
    void theImpersonatorIsTheActor() {
        AuditLine line =
                line(UserEventType.EVENT, "IMPERSONATE", new Actor("the-admin", "admin-cli", "198.51.100.9", "master"));

        assertThat(line.actorId()).isEqualTo("the-admin");
        assertThat(line.userId()).isEqualTo(VICTIM);
        assertThat(line.clientId()).isEqualTo("admin-cli");
        assertThat(line.ipAddress()).isEqualTo("198.51.100.9");
    }

    @Test
    void theAdministratorIsTheActorInAnImpersonatedSession() {
        AuditLine line =
                line(UserEventType.LOGGED_IN, "LOGIN", new Actor("the-admin", "perch-web", "198.51.100.9", null));

        assertThat(line.actorId()).isEqualTo("the-admin");
        assertThat(line.userId()).isEqualTo(VICTIM);
    }

    @Test
    void anUnauthenticatedRequestHasNoActor() {
        AuditLine line =
                line(UserEventType.EVENT, "SEND_RESET_PASSWORD", new Actor(null, "perch-cli", "198.51.100.8", null));

        assertThat(line.actorId()).isNull();
        assertThat(line.userId()).isEqualTo(VICTIM);
        assertThat(line.ipAddress()).isEqualTo("198.51.100.8");
    }

    @Test
    void withoutAnActorTheUserIsTheActorOnlyOfASignIn() {
        assertThat(line(UserEventType.LOGGED_IN, "LOGIN", null).actorId()).isEqualTo(VICTIM);
        assertThat(line(UserEventType.EVENT, "SEND_RESET_PASSWORD", null).actorId())
                .isNull();
        assertThat(line(UserEventType.LOGIN_FAILED, "LOGIN_ERROR", null).actorId())
                .isNull();
        assertThat(line(UserEventType.CLIENT_SESSION_ENDED, "REFRESH_TOKEN_ERROR", null)
                        .actorId())
                .isNull();
    }

    private AuditLine line(UserEventType type, String keycloakType, @Nullable Actor actor) {
        String id = UUID.randomUUID().toString();
        new KeycloakActs(new AuditStore(mongo, users -> Set.of()))
                .onEvent(new UserEvent(
                        id,
                        type,
                        type.wireName(),
                        "perch",
                        VICTIM,
                        1,
                        Instant.parse("2026-11-20T12:00:00Z"),
                        keycloakType,
                        "a-session",
                        "perch-web",
                        null,
                        "198.51.100.7",
                        null,
                        null,
                        actor,
                        Map.of(),
                        null));
        return Objects.requireNonNull(mongo.findById(id, AuditLine.class));
    }
}
