package io.perch.keycloak.notice;

import io.perch.keycloak.mail.MailQueue;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
 * The notices that are to be sent, in the database: they outlive a restart, and any node sends them. A notice is stored in the
 * transaction of what it reports.
 */
final class NoticeQueue {

    private static final Logger LOG = Logger.getLogger(NoticeQueue.class);

    private static final int HOUR = 3600;

    /** Seconds after which another node may try a notice whose node has not finished. */
    private static final int LEASE = 300;

    private static final int LONGEST_DELAY = HOUR;
    private static final int BATCH = 50;
    private static final Duration POLL = Duration.ofSeconds(30);

    private final AtomicInteger requests = new AtomicInteger();
    private final KeycloakSessionFactory sessions;
    private final MailQueue background;
    private final NoticeOptions options;

    NoticeQueue(KeycloakSessionFactory sessions, MailQueue background, NoticeOptions options) {
        this.sessions = sessions;
        this.background = background;
        this.options = options;
    }

    /** Begins to look for notices that are due, of this node and of others. */
    void start() {
        background.every(POLL, () -> {
            sendDue();
            inTransaction(NoticeQueue::purge);
        });
    }

    /** Stores a notice with the session's transaction, and has it sent after the commit. */
    void add(KeycloakSession session, Notice notice) {
        entities(session).persist(new StoredNotice(notice));
        background.afterCommit(session, this::sendDue);
    }

    /** Sends what is due. One thread of a node does: so a user's budget is kept. */
    void sendDue() {
        if (requests.getAndIncrement() > 0) {
            // The thread that sends looks once more
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
        Notice notice = inTransaction(entities -> take(entities, id));
        if (notice == null) {
            return;
        }
        try {
            boolean sent = send(notice);
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

    private @Nullable Notice take(EntityManager entities, String id) {
        StoredNotice stored = entities.find(StoredNotice.class, id);
        if (stored == null || sentInTheLastHour(entities, stored) < options.budget()) {
            return stored == null ? null : stored.notice();
        }
        LOG.warnf("Notice not sent, the user had %d of its kind in an hour: %s", options.budget(), stored.notice());
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
            entities.remove(stored);
            return;
        }
        LOG.debugf("Notice not sent, is tried again: %s: %s", notice, e.getMessage());
        long delay = Math.min(LONGEST_DELAY, options.retryDelay() * (1L << Math.min(20, 2 * (stored.attempts() - 1))));
        stored.tryAgain(now + delay);
        background.in(Duration.ofSeconds(delay + 1), this::sendDue);
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

    private static int purge(EntityManager entities) {
        return entities.createQuery("delete from PerchNotice n where n.sentAt > 0 and n.sentAt < :since")
                .setParameter("since", Time.currentTimeSeconds() - HOUR)
                .executeUpdate();
    }

    /** Forgets what a user was to be sent. */
    static void forgetUser(KeycloakSession session, String realmId, String userId) {
        entities(session)
                .createQuery("delete from PerchNotice n where n.realmId = :realm and n.userId = :user")
                .setParameter("realm", realmId)
                .setParameter("user", userId)
                .executeUpdate();
    }

    /** Forgets what the users of a realm were to be sent. */
    static void forgetRealm(KeycloakSession session, String realmId) {
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
