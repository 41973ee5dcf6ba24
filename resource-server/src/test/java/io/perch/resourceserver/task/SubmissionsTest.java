package io.perch.resourceserver.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.crypto.Keysets;
import io.perch.resourceserver.mongo.IndexBuilder;
import io.perch.resourceserver.web.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Two requests with one idempotency key, both of which were checked before either was stored. */
class SubmissionsTest {

    private static final String USER = "alice";
    private static final IdempotencyKey KEY = new IdempotencyKey("k-1");
    private static final TwitterCredentials ACCEPTED = new TwitterCredentials("one", "first", "+1234567", null);
    private static final TwitterCredentials REFUSED = new TwitterCredentials("one", "second", "+1234567", null);

    private final MongoServer server = new MongoServer(new MemoryBackend());
    private ConfigurableApplicationContext context;

    @BeforeEach
    void start() {
        server.bind("127.0.0.1", 0);
        context = ModelContext.start(
                server.getLocalAddress().getPort(), Keysets.generate(), users -> Set.of(), acts -> {});
        context.getBean(IndexBuilder.class).buildAll();
    }

    @AfterEach
    void stop() {
        context.close();
        server.shutdownNow();
    }

    @Test
    void aRefusedRequestDoesNotChangeTheCredentialsOfTheAcceptedTask() {
        Submissions submissions = context.getBean(Submissions.class);
        TwitterAccounts accounts = context.getBean(TwitterAccounts.class);
        Task accepted = submissions.submit(USER, ACCEPTED, KEY);

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> submissions.submit(USER, REFUSED, KEY))
                .satisfies(
                        problem -> assertThat(problem.getStatusCode().value()).isEqualTo(422));

        Task claimed = context.getBean(TaskClaims.class)
                .claim(context.getBean(TaskPoll.class).due(10).claimable(), Set.of(), "A")
                .tasks()
                .get(0)
                .task();
        assertThat(claimed.id()).isEqualTo(accepted.id());
        assertThat(accounts.open(Objects.requireNonNull(claimed.credentials()), "one", USER, claimed.twitterUserId()))
                .isEqualTo(ACCEPTED);
        context.getBean(TaskResults.class)
                .write(List.of(new TaskResult(
                        claimed, context.getBean(TaskOutcomes.class).succeed())));
        assertThat(accounts.credentials(Map.of(claimed.twitterUserId(), USER)).values())
                .singleElement()
                .satisfies(stored -> assertThat(accounts.open(stored)).isEqualTo(ACCEPTED));
    }
}
