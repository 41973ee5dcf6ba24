package io.perch.localstack.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs random commands. The answers must equal those of the backend without indexes. */
class SameAnswersTest {

    private static final int COMMANDS = 1500;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersAreTheSameWithIndexes(long seed) {
        var random = new Cases(new Random(seed), seed % 2 == 0);
        MongoBackend scanning = H2Backend.inMemory();
        MongoBackend indexed = EmbeddedMongo.inMemory(Clock.systemUTC());
        var expected = new Commands(scanning);
        var actual = new Commands(indexed);
        index(expected, "due", new Document("due_at", 1), true);
        index(actual, "due", new Document("due_at", 1), true);
        index(actual, "newest", new Document("user_id", 1).append("n", -1).append("_id", -1), false);
        index(actual, "status", new Document("status", 1).append("n", 1), false);
        index(actual, "nested", new Document("in.a", 1), true);

        for (int i = 0; i < COMMANDS; i++) {
            var command = random.command();
            assertThat(reply(actual, command)).as("%s", command).isEqualTo(reply(expected, command));
        }
        assertThat(actual.find("tasks", new Document())).isEqualTo(expected.find("tasks", new Document()));
        scanning.close();
        indexed.close();
    }

    private static Document reply(Commands commands, Document command) {
        var reply = commands.run(command);
        if (command.containsKey("insert")) {
            // The other backend also counts failed inserts
            reply.remove("n");
        }
        return reply;
    }

    private static void index(Commands commands, String name, Document keys, boolean sparse) {
        commands.createIndex("tasks", name, keys, false, sparse);
    }

    private record Cases(Random random, boolean arrays) {

        Document command() {
            return switch (random.nextInt(8)) {
                case 0, 1 ->
                    new Document("insert", "tasks")
                            .append("documents", List.of(document(), document()))
                            .append("ordered", true);
                case 2 ->
                    new Document("update", "tasks")
                            .append(
                                    "updates",
                                    List.of(new Document("q", query())
                                            .append("u", update())
                                            .append("multi", random.nextBoolean())))
                            .append("ordered", false);
                case 3 ->
                    new Document("delete", "tasks")
                            .append("deletes", List.of(new Document("q", query()).append("limit", random.nextInt(2))));
                case 4 ->
                    new Document("findAndModify", "tasks")
                            .append("query", query())
                            .append("sort", sort())
                            .append("update", update())
                            .append("new", random.nextBoolean());
                case 5 -> new Document("count", "tasks").append("query", query());
                case 6 ->
                    new Document("aggregate", "tasks")
                            .append("pipeline", List.of(new Document("$match", query())))
                            .append("cursor", new Document());
                default -> {
                    var find = new Document("find", "tasks").append("filter", query());
                    if (random.nextInt(3) > 0) {
                        find.append("sort", sort());
                    }
                    if (random.nextBoolean()) {
                        find.append("limit", 1 + random.nextInt(5)).append("skip", random.nextInt(2));
                    }
                    yield find;
                }
            };
        }

        private Document document() {
            var document = new Document("_id", id()).append("user_id", user()).append("status", status());
            if (random.nextBoolean()) {
                document.append("due_at", instant());
            }
            if (random.nextInt(5) > 0) {
                document.append("n", value());
            }
            if (random.nextInt(3) > 0) {
                document.append("in", new Document("a", number()));
            }
            return document;
        }

        private Document update() {
            return switch (random.nextInt(5)) {
                case 0 -> new Document("$set", new Document("due_at", instant()).append("n", value()));
                case 1 -> new Document("$unset", new Document("due_at", ""));
                case 2 -> new Document("$set", new Document("status", status()).append("user_id", user()));
                case 3 -> new Document("$inc", new Document("in.a", 1));
                default -> new Document("$set", new Document("in", new Document("a", number())));
            };
        }

        private Document query() {
            var query = new Document();
            int conditions = random.nextInt(4);
            var parts = new ArrayList<Document>();
            for (int i = 0; i < conditions; i++) {
                parts.add(condition());
            }
            if (random.nextBoolean()) {
                parts.forEach(query::putAll);
                return query;
            }
            if (parts.size() > 1 && random.nextBoolean()) {
                var nested = new Document("$and", List.of(parts.get(0), parts.get(1)));
                return new Document("$and", List.of(nested, parts.get(parts.size() - 1)));
            }
            return parts.isEmpty() ? query : new Document("$and", List.copyOf(parts));
        }

        private Document condition() {
            return switch (random.nextInt(12)) {
                case 0 -> new Document("_id", id());
                case 1 -> new Document("_id", new Document("$in", List.of(id(), id(), id(), id())));
                case 2 -> new Document("user_id", user());
                case 3 -> new Document("user_id", new Document("$eq", user()));
                case 4 -> new Document("status", new Document("$in", List.of(status(), status())));
                case 5 -> new Document("due_at", new Document(random.nextBoolean() ? "$lte" : "$gt", instant()));
                case 6 -> new Document("n", value());
                case 7 -> new Document("n", new Document("$gte", number()).append("$lt", number()));
                case 8 -> new Document("due_at", new Document("$exists", random.nextBoolean()));
                case 9 -> new Document("due_at", null);
                case 10 -> new Document("in.a", new Document("$gt", number()));
                default -> new Document("$or", List.of(new Document("_id", id()), new Document("user_id", user())));
            };
        }

        private Document sort() {
            int way = random.nextBoolean() ? 1 : -1;
            return switch (random.nextInt(4)) {
                case 0 -> new Document("due_at", way).append("_id", way);
                case 1 -> new Document("n", way).append("_id", way);
                case 2 -> new Document("status", way).append("n", way).append("_id", -way);
                default -> new Document("user_id", way).append("n", -way).append("_id", -way);
            };
        }

        private Object id() {
            int number = random.nextInt(60);
            return random.nextInt(4) == 0 ? (Object) number : "task-" + number;
        }

        private String user() {
            return "user-" + random.nextInt(4);
        }

        private String status() {
            return List.of("pending", "running", "completed", "failed").get(random.nextInt(4));
        }

        private Instant instant() {
            return Instant.ofEpochSecond(1_700_000_000L + random.nextInt(20));
        }

        private Number number() {
            int number = random.nextInt(12) - 4;
            return switch (random.nextInt(3)) {
                case 0 -> number;
                case 1 -> (long) number;
                default -> number / 2.0;
            };
        }

        private @Nullable Object value() {
            return switch (random.nextInt(arrays ? 5 : 4)) {
                case 0 -> null;
                case 1 -> "n" + random.nextInt(3);
                case 4 -> List.of(random.nextInt(3), random.nextInt(3));
                default -> number();
            };
        }
    }
}
