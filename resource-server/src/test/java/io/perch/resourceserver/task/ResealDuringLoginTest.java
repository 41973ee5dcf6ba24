package io.perch.resourceserver.task;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.crypto.Keysets;
import io.perch.resourceserver.crypto.TestSealers;
import io.perch.resourceserver.mongo.IndexBuilder;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** All values are resealed while a login runs that has the credentials with the older key in memory. */
class ResealDuringLoginTest {

    private static final TwitterCredentials CREDENTIALS =
            new TwitterCredentials("one", "secret", "+1234567", "one@example.com");

    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final String first = Keysets.generate();
    private final String second = TestSealers.rotated(first);

    @BeforeEach
    void start() {
        server.bind("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void theResultOfTheLoginIsSealedWithTheNewestKey() {
        Task accepted;
        try (ConfigurableApplicationContext before = instance(first)) {
            accepted = before.getBean(Submissions.class).submit("alice", CREDENTIALS, null);
        }
        try (ConfigurableApplicationContext after = instance(second)) {
            Task claimed = after.getBean(TaskClaims.class)
                    .claim(after.getBean(TaskPoll.class).due(10).claimable(), Set.of(), "A")
                    .tasks()
                    .get(0)
                    .task();
            assertThat(reseal(second)).isZero();
            after.getBean(TaskResults.class)
                    .write(List.of(new TaskResult(
                            claimed, after.getBean(TaskOutcomes.class).succeed())));
        }

        try (ConfigurableApplicationContext finished = instance(TestSealers.finished(second))) {
            TwitterAccounts accounts = finished.getBean(TwitterAccounts.class);
            assertThat(accounts.credentials(Map.of(accepted.twitterUserId(), "alice"))
                            .values())
                    .singleElement()
                    .satisfies(stored -> assertThat(accounts.open(stored)).isEqualTo(CREDENTIALS));
        }
    }

    private ConfigurableApplicationContext instance(String keyset) {
        ConfigurableApplicationContext context = ModelContext.start(port(), keyset, users -> Set.of(), acts -> {});
        context.getBean(IndexBuilder.class).buildAll();
        return context;
    }

    private int reseal(String keyset) {
        String[] settings = {"--MONGO_URI=mongodb://127.0.0.1:" + port(), "--ENCRYPTION_KEYSET=" + keyset};
        return ResealCommand.run(settings, new PrintStream(OutputStream.nullOutputStream()));
    }

    private int port() {
        return server.getLocalAddress().getPort();
    }
}
