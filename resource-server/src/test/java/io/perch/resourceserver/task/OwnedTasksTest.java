package io.perch.resourceserver.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.account.AccountDeleted;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.acts.ActLog;
import io.perch.resourceserver.crypto.Keysets;
import io.perch.resourceserver.mongo.IndexBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.BasicQuery;

/** The data of a user with very many tasks and accounts is removed in batches. */
class OwnedTasksTest {

    private static final String USER = "alice";
    private static final String ACCOUNT = "an-account";
    private static final int MANY = 2_500;
    private static final int BATCH = 1_000;

    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final List<BsonDocument> commands = new CopyOnWriteArrayList<>();
    private final Set<String> audited = ConcurrentHashMap.newKeySet();
    private final AtomicInteger failing = new AtomicInteger(Integer.MAX_VALUE);
    private ConfigurableApplicationContext context;
    private MongoOperations mongo;

    @BeforeEach
    void start() {
        server.bind("127.0.0.1", 0);
        context = ModelContext.start(
                server.getLocalAddress().getPort(), Keysets.generate(), users -> Set.of(), acts(), commands());
        context.getBean(IndexBuilder.class).buildAll();
        mongo = context.getBean(MongoOperations.class);
        mongo.getCollection("task_statuses").insertOne(task("of-another", "bob", "success"));
    }

    @AfterEach
    void stop() {
        context.close();
        server.shutdownNow();
    }

    private ActLog acts() {
        return entries -> {
            if (failing.decrementAndGet() < 0) {
                throw new DataAccessResourceFailureException("unavailable");
            }
            entries.forEach(entry -> audited.add(entry.act().id()));
        };
    }

    private CommandListener commands() {
        return new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                commands.add(event.getCommand().clone());
            }
        };
    }

    @Test
    void allTasksOfAUserAreDeletedByLimitedCommands() {
        List<Document> tasks = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            tasks.add(task("task-" + i, USER, i % 500 == 0 ? "challenge_required" : "success"));
        }
        mongo.getCollection("task_statuses").insertMany(tasks);
        commands.clear();

        context.getBean(OwnedTasks.class).deleteAll(USER, null);

        assertThat(mongo.count(new BasicQuery("{}"), "task_statuses")).isEqualTo(1);
        assertThat(audited).hasSize(MANY);
        assertLimited("task_statuses");
    }

    @Test
    void whatWasDeletedBeforeAnErrorStaysDeleted() {
        List<Document> tasks = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            tasks.add(task("task-" + i, USER, "success"));
        }
        mongo.getCollection("task_statuses").insertMany(tasks);
        OwnedTasks owned = context.getBean(OwnedTasks.class);
        failing.set(1);

        assertThatExceptionOfType(DataAccessResourceFailureException.class)
                .isThrownBy(() -> owned.deleteAll(USER, null));
        assertThat(owned.count(USER)).isEqualTo(MANY - BATCH);
        failing.set(Integer.MAX_VALUE);
        owned.deleteAll(USER, Instant.now().plusSeconds(60));

        assertThat(owned.count(USER)).isZero();
        assertThat(audited).hasSize(MANY);
    }

    @Test
    void onlyTasksFromBeforeATimeAreDeleted() {
        Instant now = Instant.now();
        Document old = task("old", USER, "challenge_required").append("created_at", date(now.minusSeconds(60)));
        Document recent = task("recent", USER, "challenge_required").append("created_at", date(now.plusSeconds(60)));
        mongo.getCollection("task_statuses").insertMany(List.of(old, recent));

        context.getBean(OwnedTasks.class).deleteAll(USER, now);

        assertThat(mongo.find(new BasicQuery(new Document("user_id", USER)), Document.class, "task_statuses"))
                .singleElement()
                .satisfies(task ->
                        assertThat(task).containsEntry("_id", "recent").containsEntry("status", "challenge_required"));
    }

    @Test
    void theDeletionOfAnAccountReadsOnlyTasksThatCanHaveAFingerprint() {
        Instant now = Instant.now();
        List<Document> tasks = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            tasks.add(task("task-" + i, USER, i % 100 == 0 ? "challenge_required" : "success")
                    .append("created_at", date(now.minusSeconds(i)))
                    .append("fingerprint", "sealed")
                    .append("forget_at", date(now.plus(Duration.ofDays(1)))));
        }
        mongo.getCollection("task_statuses").insertMany(tasks);
        commands.clear();

        context.getBean(OwnedTasks.class).onAccountDeleted(new AccountDeleted(USER, ACCOUNT));

        assertThat(mongo.count(new BasicQuery("{fingerprint: {$exists: true}}"), "task_statuses"))
                .isZero();
        assertThat(mongo.count(new BasicQuery("{user_id: 'alice', status: 'failure'}"), "task_statuses"))
                .isEqualTo(MANY / 100);
        assertLimited("task_statuses");
        assertThat(commands)
                .filteredOn(command ->
                        command.containsKey("find") && command.toString().contains("fingerprint"))
                .isNotEmpty()
                .allMatch(command -> command.getDocument("filter").toString().contains("created_at"));
    }

    @Test
    void allAccountsOfAUserAreDeletedByLimitedCommands() {
        List<Document> accounts = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            accounts.add(new Document("_id", "account-" + i)
                    .append("user_id", USER)
                    .append("created_at", date(Instant.now()))
                    .append("acts", List.of(act("of-account-" + i))));
        }
        mongo.getCollection("twitter_users").insertMany(accounts);
        TwitterAccounts owned = context.getBean(TwitterAccounts.class);
        assertThat(owned.count(USER)).isEqualTo(MANY);
        commands.clear();

        owned.deleteAll(USER, null);

        assertThat(owned.count(USER)).isZero();
        assertThat(audited).hasSize(MANY);
        assertLimited("twitter_users");
    }

    private void assertLimited(String collection) {
        List<BsonDocument> ours = commands.stream()
                .filter(command -> new BsonString(collection).equals(command.get(command.getFirstKey())))
                .toList();
        assertThat(ours).isNotEmpty();
        assertThat(ours)
                .filteredOn(command -> command.getFirstKey().equals("find"))
                .allMatch(command -> command.containsKey("limit")
                        || command.getDocument("filter").toString().contains("_id\": \""));
        assertThat(ours)
                .filteredOn(command -> command.getFirstKey().equals("delete"))
                .flatExtracting(command -> command.getArray("deletes").stream()
                        .map(delete -> ids(delete.asDocument().getDocument("q")))
                        .toList())
                .allSatisfy(ids -> assertThat(ids).isBetween(1, BATCH));
        assertThat(ours)
                .filteredOn(command -> command.getFirstKey().equals("update"))
                .allMatch(command -> command.getArray("updates").size() <= BATCH);
    }

    /** Returns how many IDs a filter names; zero if it does not name any. */
    private static int ids(BsonDocument filter) {
        int found = filter.containsKey("_id")
                ? filter.getDocument("_id").getArray("$in").size()
                : 0;
        if (filter.containsKey("$and")) {
            for (BsonValue each : filter.getArray("$and")) {
                found += ids(each.asDocument());
            }
        }
        return found;
    }

    private static Document task(String id, String userId, String status) {
        Date now = date(Instant.now());
        return new Document("_id", id)
                .append("user_id", userId)
                .append("twitter_user_id", ACCOUNT)
                .append("username", "made_up")
                .append("v", 2)
                .append("status", status)
                .append("attempt", 1)
                .append("attempt_limit", 2)
                .append("created_at", now)
                .append("updated_at", now)
                .append("acts", List.of(act("of-" + id)))
                .append("history", List.of());
    }

    private static Document act(String id) {
        return new Document("id", id)
                .append("at", date(Instant.now()))
                .append("action", "task.submitted")
                .append("actor_id", USER);
    }

    private static Date date(Instant time) {
        return Date.from(time);
    }
}
