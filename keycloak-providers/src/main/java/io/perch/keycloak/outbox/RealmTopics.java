package io.perch.keycloak.outbox;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which topics of realms exist, before records are sent. A producer would wait ten seconds for each topic that does not
 * exist. It asks the brokers once for each topic. Not thread-safe.
 */
final class RealmTopics implements AutoCloseable {

    private static final int ANSWER_TIMEOUT_MILLIS = 2000;

    private final Map<String, Object> settings;
    private final Set<String> existing = new HashSet<>();
    private @Nullable Admin admin;

    /**
     * Does not connect yet.
     *
     * @param settings those of the producer
     */
    RealmTopics(Map<String, Object> settings) {
        this.settings = settings;
    }

    /**
     * The topics among these to which nothing can be sent now, with the reason.
     *
     * @throws KafkaException if the brokers do not answer
     */
    Map<String, Exception> unavailable(Set<String> topics) {
        Set<String> unknown = new HashSet<>(topics);
        unknown.removeAll(existing);
        Map<String, Exception> unavailable = new HashMap<>();
        if (unknown.isEmpty()) {
            return unavailable;
        }
        Map<String, KafkaFuture<TopicDescription>> answers =
                admin().describeTopics(unknown).topicNameValues();
        answers.forEach((topic, answer) -> {
            Exception failure = failure(answer);
            if (failure == null) {
                existing.add(topic);
            } else {
                unavailable.put(topic, failure);
            }
        });
        return unavailable;
    }

    /** Whether the brokers answer. */
    boolean doBrokersAnswer() {
        try {
            return !admin().describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_TIMEOUT_MILLIS))
                    .nodes()
                    .get()
                    .isEmpty();
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Asks the brokers again before the next record for a topic. */
    void forget(String topic) {
        existing.remove(topic);
    }

    /** Whether an error is about one topic, and not about the brokers or about a record. */
    static boolean isAboutTopic(@Nullable Throwable e) {
        // A producer's timeout has as its cause what the brokers say about the topic
        return (e instanceof TimeoutException timeout && isAboutTopic(timeout.getCause()))
                || e instanceof UnknownTopicOrPartitionException
                || e instanceof InvalidTopicException
                || e instanceof TopicAuthorizationException;
    }

    private static @Nullable Exception failure(KafkaFuture<TopicDescription> answer) {
        try {
            return answer.get().partitions().stream().allMatch(RealmTopics::hasLeader)
                    ? null
                    : new LeaderNotAvailableException("A partition has no leader");
        } catch (ExecutionException e) {
            if (isAboutTopic(e.getCause()) && e.getCause() instanceof Exception cause) {
                return cause;
            }
            throw new KafkaException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }

    private static boolean hasLeader(TopicPartitionInfo partition) {
        return partition.leader() != null && !partition.leader().isEmpty();
    }

    private Admin admin() {
        Admin current = admin;
        if (current == null) {
            Map<String, Object> own = new HashMap<>(settings);
            own.keySet().retainAll(AdminClientConfig.configNames());
            own.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
            current = Admin.create(own);
            admin = current;
        }
        return current;
    }

    @Override
    public void close() {
        Admin current = admin;
        admin = null;
        if (current != null) {
            current.close(Duration.ZERO);
        }
    }
}
