package io.perch.keycloak.notice;

import io.perch.keycloak.mail.MailQueue;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.email.EmailException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * The queue of notices to send, in the database. It survives a restart, and every node can send its notices. A notice is stored in
 * the transaction of the change that it reports.
 */
final class NoticeQueue {

    private static final Logger LOG = Logger.getLogger(NoticeQueue.class);

    private static final int HOUR = 3600;

    /** Seconds after which another node may send a notice if the first node has not finished. */
    private static final int LEASE = 300;

    private static final int MAX_DELAY = HOUR;
    private static final int BATCH = 50;
    private static final Duration POLL = Duration.ofSeconds(30);

    private final AtomicInteger requests = new AtomicInteger();
    private final KeycloakSessionFactory sessions;
    private final MailQueue mailQueue;
    private final NoticeOptions options;
    private final AtomicLong waiting = new AtomicLong();

    NoticeQueue(KeycloakSessionFactory sessions, MailQueue mailQueue, NoticeOptions options) {
        this.sessions = sessions;
        this.mailQueue = mailQueue;
        this.options = options;
    }

    /** Starts to poll for notices that are due, of this node and of others. */
    void start() {
        mailQueue.metrics().waiting(waiting::get);
        mailQueue.every(POLL, () -> {
            sendDue();
            inTransaction(NoticeQueue::purge);
            waiting.set(inTransaction(NoticeQueue::countUnsent));
        });
    }

    /** Stores a notice in the session's transaction. It is sent after the commit. */
    void add(KeycloakSession session, Notice notice) {
        entities(session).persist(new StoredNotice(notice));
        mailQueue.afterCommit(session, this::sendDue);
    }

    /** Sends the notices that are due. Only one thread of a node does this at a time, so that a user's budget is kept. */
    void sendDue() {
        if (requests.getAndIncrement() > 0) {
            // The sending thread will check again
            return;
        }
        int seen;
        do {
            seen = requests.get();
            try {
                due().stream().filter(this::claim).forEach(this::send);
            } catch (RuntimeException e) {
                requests.set(0);
                throw e;
            }
        } while (!requests.compareAndSet(seen, 0));
    }

    private List<String> due() {
        return inTransaction(entities -> entities.createQuery(
                        "select n.id from PerchNotice n where n.sentAt = 0 and n.nextAttemptAt <= :now"
                                + " order by n.nextAttemptAt",
                        String.class)
                .setParameter("now", Time.currentTimeSeconds())
                .setMaxResults(BATCH)
                .getResultList());
    }

    private boolean claim(String id) {
        long now = Time.currentTimeSeconds();
        return inTransaction(entities -> entities.createQuery("update PerchNotice n set n.attempts = n.attempts + 1,"
                                + " n.nextAttemptAt = :lease where n.id = :id and n.sentAt = 0"
                                + " and n.nextAttemptAt <= :now")
                        .setParameter("id", id)
                        .setParameter("now", now)
                        .setParameter("lease", now + LEASE)
                        .executeUpdate())
                == 1;
    }

    private void send(String id) {
        Notice notice = inTransaction(entities -> withinBudget(entities, id));
        if (notice == null) {
            return;
        }
        try {
            boolean sent = send(notice);
            if (sent) {
                mailQueue.metrics().sent();
            }
            inTransaction(entities -> change(entities, id, stored -> {
                if (sent) {
                    stored.sent(Time.currentTimeSeconds());
                } else {
                    entities.remove(stored);
                }
            }));
        } catch (EmailException | RuntimeException e) {
            inTransaction(entities -> change(entities, id, stored -> failed(entities, stored, notice, e)));
        }
    }

    /** The notice, or null if it does not exist or the user's budget is spent. Then it is deleted. */
    private @Nullable Notice withinBudget(EntityManager entities, String id) {
        StoredNotice stored = entities.find(StoredNotice.class, id);
        if (stored == null || sentInTheLastHour(entities, stored) < options.budget()) {
            return stored == null ? null : stored.notice();
        }
        LOG.warnf("Notice not sent, the user had %d of its kind in an hour: %s", options.budget(), stored.notice());
        mailQueue.metrics().overBudget();
        entities.remove(stored);
        return null;
    }

    private boolean send(Notice notice) throws EmailException {
        AtomicReference<@Nullable EmailException> failure = new AtomicReference<>();
        boolean sent = KeycloakModelUtils.runJobInTransactionWithResult(sessions, session -> {
            try {
                return notice.send(session);
            } catch (EmailException e) {
                failure.set(e);
                return false;
            }
        });
        EmailException reason = failure.get();
        if (reason != null) {
            throw reason;
        }
        return sent;
    }

    private static boolean change(EntityManager entities, String id, Consumer<StoredNotice> change) {
        StoredNotice stored = entities.find(StoredNotice.class, id);
        if (stored != null) {
            change.accept(stored);
        }
        return stored != null;
    }

    private void failed(EntityManager entities, StoredNotice stored, Notice notice, Exception e) {
        long now = Time.currentTimeSeconds();
        if (now - stored.createdAt() >= (long) options.keepHours() * HOUR) {
            LOG.errorf(e, "Notice not sent, given up after %d attempts: %s", stored.attempts(), notice);
            mailQueue.metrics().givenUp();
            entities.remove(stored);
            return;
        }
        mailQueue.metrics().retried();
        LOG.debugf("Notice not sent, is tried again: %s: %s", notice, e.getMessage());
        long delay = Math.min(MAX_DELAY, options.retryDelay() * (1L << Math.min(20, 2 * (stored.attempts() - 1))));
        stored.retryAt(now + delay);
        mailQueue.in(Duration.ofSeconds(delay + 1), this::sendDue);
    }

    private static long sentInTheLastHour(EntityManager entities, StoredNotice notice) {
        return entities.createQuery(
                        "select count(n) from PerchNotice n where n.realmId = :realm and n.userId = :user"
                                + " and n.kind = :kind and n.sentAt > :since",
                        Long.class)
                .setParameter("realm", notice.realmId())
                .setParameter("user", notice.userId())
                .setParameter("kind", notice.kind())
                .setParameter("since", Time.currentTimeSeconds() - HOUR)
                .getSingleResult();
    }

    private static long countUnsent(EntityManager entities) {
        return entities.createQuery("select count(n) from PerchNotice n where n.sentAt = 0", Long.class)
                .getSingleResult();
    }

    private static int purge(EntityManager entities) {
        return entities.createQuery("delete from PerchNotice n where n.sentAt > 0 and n.sentAt < :since")
                .setParameter("since", Time.currentTimeSeconds() - HOUR)
                .executeUpdate();
    }

    /** Deletes the notices to a user. */
    static void deleteOfUser(KeycloakSession session, String realmId, String userId) {
        entities(session)
                .createQuery("delete from PerchNotice n where n.realmId = :realm and n.userId = :user")
                .setParameter("realm", realmId)
                .setParameter("user", userId)
                .executeUpdate();
    }

    /** Deletes the notices to the users of a realm. */
    static void deleteOfRealm(KeycloakSession session, String realmId) {
        entities(session)
                .createQuery("delete from PerchNotice n where n.realmId = :realm")
                .setParameter("realm", realmId)
                .executeUpdate();
    }

    private <T extends @Nullable Object> T inTransaction(Function<EntityManager, T> task) {
        return KeycloakModelUtils.runJobInTransactionWithResult(sessions, session -> task.apply(entities(session)));
    }

    private static EntityManager entities(KeycloakSession session) {
        return session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }
}
