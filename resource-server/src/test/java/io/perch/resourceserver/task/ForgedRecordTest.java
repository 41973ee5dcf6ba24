package io.perch.resourceserver.task;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.crypto.Keysets;
import io.perch.resourceserver.mongo.IndexBuilder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** A record from Kafka names a task with its right IDs and another account. */
class ForgedRecordTest {

    private static final TwitterCredentials CREDENTIALS = new TwitterCredentials("one", "secret", "+1234567", null);

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
    void aRecordWithAnotherAccountClaimsAndPostponesNothing() {
        TaskClaims claims = context.getBean(TaskClaims.class);
        TaskRepository tasks = context.getBean(TaskRepository.class);
        Task running = submit();
        Task waiting = submit();
        assertThat(claims.claim(List.of(record(running, running.twitterUserId())), Set.of(), "A")
                        .tasks())
                .hasSize(1);

        TaskClaims.Claim forged = claims.claim(List.of(record(waiting, "another-account")), Set.of(), "B");

        assertThat(forged.tasks()).isEmpty();
        assertThat(forged.blocked()).isEmpty();
        assertThat(tasks.find(waiting.key()).orElseThrow().status()).isEqualTo(TaskStatus.PENDING);
        assertThat(tasks.find(waiting.key()).orElseThrow().dueAt()).isEqualTo(waiting.dueAt());
    }

    private Task submit() {
        return context.getBean(Submissions.class).submit("alice", CREDENTIALS, null);
    }

    private static DueTask record(Task task, String account) {
        return DueTask.waiting(task.id(), task.userId(), account, 0);
    }
}
