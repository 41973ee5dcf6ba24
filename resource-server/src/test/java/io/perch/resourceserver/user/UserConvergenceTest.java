package io.perch.resourceserver.user;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.events.UserEvent;
import io.perch.resourceserver.events.UserEvent.UserState;
import io.perch.resourceserver.events.UserEventType;
import io.perch.resourceserver.mongo.DatabaseTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.Lifespan;
import net.jqwik.api.lifecycle.Store;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.mongodb.autoconfigure.DataMongoAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.mongodb.core.MongoOperations;

/** A user's events lead to the same state in any order, with any repetitions, and from several threads. */
class UserConvergenceTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Property(tries = 200)
    void theEndStateIsTheSameInAnyOrder(
            @ForAll @Size(min = 1, max = 8) List<Kind> kinds,
            @ForAll Random random,
            @ForAll @IntRange(max = 3) int again) {
        Fixture fixture = fixture();
        String userId = UUID.randomUUID().toString();
        List<UserEvent> events = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            events.add(kinds.get(i).event(userId, i));
        }
        List<UserEvent> delivered = new ArrayList<>(events);
        for (int i = 0; i < again; i++) {
            delivered.addAll(events);
        }
        Collections.shuffle(delivered, random);

        delivered.forEach(fixture::apply);

        fixture.assertEnd(userId, events);
    }

    @Example
    void theEndStateIsTheSameFromManyThreads() throws Exception {
        Fixture fixture = fixture();
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 50; round++) {
                String userId = UUID.randomUUID().toString();
                List<UserEvent> events = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    events.add(Kind.values()[i % 3].event(userId, i));
                }
                List<Future<?>> done = new ArrayList<>();
                events.forEach(event -> done.add(executor.submit(() -> fixture.apply(event))));
                for (Future<?> one : done) {
                    one.get();
                }
                fixture.assertEnd(userId, events);
            }
        } finally {
            executor.shutdown();
        }
    }

    enum Kind {
        UPDATED,
        SNAPSHOT,
        LOGGED_IN,
        DELETED;

        UserEvent event(String userId, int step) {
            UserEventType type = UserEventType.valueOf(name());
            boolean hasState = this == UPDATED || this == SNAPSHOT;
            String name = step % 2 == 0 ? "even" + step : null;
            UserState state = new UserState(
                    "user" + step, name, step % 2 == 0, name, name, null, List.of("role" + step), true, START);
            return new UserEvent(
                    UUID.randomUUID().toString(),
                    type,
                    type.wireName(),
                    "perch",
                    userId,
                    step,
                    START.plusSeconds(step),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    Map.of(),
                    hasState ? state : null);
        }
    }

    private static Fixture fixture() {
        return Store.getOrCreate("fixture", Lifespan.RUN, Fixture::new).get();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({MongoAutoConfiguration.class, DataMongoAutoConfiguration.class})
    @EnableConfigurationProperties(UserProperties.class)
    @Import({Users.class, Tombstones.class, DatabaseTime.class})
    static class Context {}

    /** The projection with its own database. */
    private static final class Fixture implements Store.CloseOnReset {

        private final MongoServer server = new MongoServer(new MemoryBackend());
        private final ConfigurableApplicationContext context;
        private final MongoOperations mongo;
        private final Users users;
        private final Tombstones tombstones;

        Fixture() {
            String given = System.getenv("MONGO_URI");
            String uri = given == null ? server.bindAndGetConnectionString() : given;
            context = new SpringApplicationBuilder(Context.class)
                    .web(WebApplicationType.NONE)
                    .properties("MONGO_URI=" + uri, "DATABASE_NAME=perch_users_" + UUID.randomUUID())
                    .run();
            mongo = context.getBean(MongoOperations.class);
            users = context.getBean(Users.class);
            tombstones = context.getBean(Tombstones.class);
        }

        void apply(UserEvent event) {
            String userId = Objects.requireNonNull(event.userId());
            UserState state = event.user();
            if (event.type() == UserEventType.DELETED) {
                tombstones.create(userId, event.time(), event.sequence()).ifPresent(tombstone -> {
                    if (tombstone.erasedAt() == null) {
                        tombstones.markErased(userId);
                    }
                });
            } else if (state == null) {
                users.loggedIn(userId, event.time());
            } else if (!users.apply(userId, state, event)) {
                users.recreate(userId, state, event, Instant.now(), Instant.now());
            }
        }

        void assertEnd(String userId, List<UserEvent> events) {
            Document stored = Objects.requireNonNull(mongo.findById(userId, Document.class, "users"));
            UserEvent last = last(events, UserEventType.UPDATED, UserEventType.SNAPSHOT);
            UserEvent deleted = last(events, UserEventType.DELETED);
            if (deleted != null && (last == null || last.sequence() < deleted.sequence())) {
                assertThat(stored.keySet())
                        .isSubsetOf("_id", "_class", "deleted_at", "deleted_sequence", "erased_at", "revisit_at");
                assertThat(tombstones.among(List.of(userId, "another"))).containsExactly(userId);
                return;
            }
            assertThat(stored.keySet()).doesNotContain("deleted_at", "deleted_sequence", "erased_at");
            if (last == null) {
                assertThat(stored.keySet()).isSubsetOf("_id", "_class", "last_login");
            } else {
                UserState state = Objects.requireNonNull(last.user());
                assertThat(stored.getString("username")).isEqualTo(state.username());
                assertThat(stored.getString("email")).isEqualTo(state.email());
                assertThat(stored.getString("first_name")).isEqualTo(state.firstName());
                assertThat(stored.getBoolean("email_verified")).isEqualTo(state.emailVerified());
                assertThat(stored.getList("roles", String.class)).isEqualTo(state.roles());
                assertThat(stored.getLong("sequence")).isEqualTo(last.sequence());
                assertThat(stored.getDate("created_at").toInstant()).isEqualTo(START);
            }
            UserEvent login = last(events, UserEventType.LOGGED_IN);
            if (deleted != null) {
                // Only if the events come in order is it certain which sign-ins were before the deletion
                return;
            }
            assertThat(stored.getDate("last_login")).isEqualTo(login == null ? null : Date.from(login.time()));
        }

        private static @Nullable UserEvent last(List<UserEvent> events, UserEventType... types) {
            UserEvent last = null;
            for (UserEvent event : events) {
                last = List.of(types).contains(event.type()) ? event : last;
            }
            return last;
        }

        @Override
        public void close() {
            context.close();
            server.shutdownNow();
        }
    }
}
