package io.perch.keycloak.emailcode;

import io.perch.keycloak.budget.Network;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Sending;
import io.perch.keycloak.emailcode.EmailCodes.Sending.Outcome;
import io.perch.keycloak.emailcode.EmailCodes.Verdict;
import io.perch.keycloak.hash.Hashes;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.crypto.Algorithm;
import org.keycloak.crypto.KeyUse;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Codes in the database. Every method is to be used in a short transaction of its own: rows stay locked until it ends, which
 * is what makes the counts exact.
 */
final class CodeStore {

    /** Rows that nobody's code is in, made by the changelog. */
    static final int DECOYS = 16;

    private static final String USE = "perch-email-code";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final CodeOptions options;
    private final EntityManager entities;

    CodeStore(KeycloakSession session, RealmModel realm, CodeOptions options) {
        this.session = session;
        this.realm = realm;
        this.options = options;
        this.entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    /** What may come of a wish to send: with a code if a mail is to go out. */
    record Issuance(Sending sending, @Nullable IssuedCode issued) {}

    /** Puts a new code in place of the one before, if cooldown and budgets let it. */
    Issuance issue(String userId, String email, Purpose purpose, RequestOrigin origin) {
        String id = id(userId, purpose);
        long now = Time.currentTimeSeconds();
        StoredCode row = entities.find(StoredCode.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (row != null && row.issuedAt() + options.cooldown() > now) {
            return refused(Outcome.COOLING_DOWN, (int) (row.issuedAt() + options.cooldown() - now));
        }
        int wait = takeFromAddress(origin);
        if (wait == 0) {
            wait = takeFromMailbox(email);
        }
        if (wait > 0) {
            return refused(Outcome.BUDGET_SPENT, wait);
        }
        if (row == null) {
            row = new StoredCode(id);
        }
        String code = Digits.random(options.length());
        KeyWrapper key = session.keys().getActiveKey(realm, KeyUse.SIG, Algorithm.HS512);
        String issueId = UUID.randomUUID().toString();
        row.issue(issueId, key.getKid(), hash(key.getSecretKey(), userId, purpose, email, code), now, options.life());
        entities.persist(row);
        entities.flush();
        return new Issuance(
                new Sending(Outcome.SENT, options.cooldown()),
                new IssuedCode(realm.getId(), userId, email, purpose, issueId, code, origin));
    }

    /** Counts a wish to send that there is no user for. */
    void countStranger(RequestOrigin origin) {
        takeFromAddress(origin);
    }

    /**
     * Counts a guess, then compares it.
     *
     * @param email the user's present address, null where it has none
     * @param code without blanks and dashes
     * @param useUp whether a right code is gone afterwards
     */
    Verdict guess(@Nullable String userId, @Nullable String email, Purpose purpose, String code, boolean useUp) {
        String id = userId == null ? "" : id(userId, purpose);
        boolean live = count(id) == 1;
        if (!live) {
            // The same work as for a live code, so that the time does not tell which mailboxes have one
            id = "decoy-" + ThreadLocalRandom.current().nextInt(DECOYS);
            count(id);
        }
        StoredCode row = entities.find(StoredCode.class, id);
        boolean right = row != null
                && Hashes.same(
                        row.hash(),
                        hash(key(row.keyId()), String.valueOf(userId), purpose, String.valueOf(email), code));
        if (!live || row == null) {
            return Verdict.VOID;
        }
        if (!right) {
            return Verdict.WRONG;
        }
        int taken = useUp ? delete(id, row.issueId()) : giveBack(id);
        return taken == 1 ? Verdict.ACCEPTED : Verdict.VOID;
    }

    /** Seconds until the next mail may go out; zero where it may now. */
    int cooldown(String userId, Purpose purpose) {
        return Optional.ofNullable(entities.find(StoredCode.class, id(userId, purpose)))
                .map(row -> (int) Math.max(0, row.issuedAt() + options.cooldown() - Time.currentTimeSeconds()))
                .orElse(0);
    }

    /** Whether a code is still the one that counts. */
    boolean isCurrent(String userId, Purpose purpose, String issueId) {
        StoredCode row = entities.find(StoredCode.class, id(userId, purpose));
        return row != null && row.issueId().equals(issueId);
    }

    /** Removes what no rule looks at any more. */
    static void purge(EntityManager entities, CodeOptions options) {
        long now = Time.currentTimeSeconds();
        entities.createQuery("delete from PerchEmailCode c where c.expiresAt < :now and c.issuedAt < :cool")
                .setParameter("now", now)
                .setParameter("cool", now - options.cooldown())
                .executeUpdate();
        entities.createQuery("delete from PerchEmailCodeBudget b where b.expiresAt < :now")
                .setParameter("now", now)
                .executeUpdate();
    }

    private int count(String id) {
        return entities.createQuery("update PerchEmailCode c set c.attempts = c.attempts + 1"
                        + " where c.id = :id and c.attempts < :limit and c.expiresAt > :now")
                .setParameter("id", id)
                .setParameter("limit", id.startsWith("decoy-") ? Integer.MAX_VALUE : options.attempts())
                .setParameter("now", Time.currentTimeSeconds())
                .executeUpdate();
    }

    private int giveBack(String id) {
        return entities.createQuery("update PerchEmailCode c set c.attempts = c.attempts - 1 where c.id = :id")
                .setParameter("id", id)
                .executeUpdate();
    }

    private int delete(String id, String issueId) {
        return entities.createQuery("delete from PerchEmailCode c where c.id = :id and c.issueId = :issue")
                .setParameter("id", id)
                .setParameter("issue", issueId)
                .executeUpdate();
    }

    private int takeFromAddress(RequestOrigin origin) {
        return origin.address() == null ? 0 : take("address", Network.of(origin.address()), options.addressBudget());
    }

    private int takeFromMailbox(String email) {
        return take("mailbox", email.toLowerCase(Locale.ROOT), options.mailboxBudget());
    }

    private int take(String kind, String whose, int budget) {
        return new SendingBudgets(entities).take(Hashes.name(kind, realm.getId(), whose), budget);
    }

    // A key that was removed since has no code that is right
    private SecretKey key(String keyId) {
        KeyWrapper key = session.keys().getKey(realm, keyId, KeyUse.SIG, Algorithm.HS512);
        return Objects.requireNonNullElseGet(key, () -> session.keys().getActiveKey(realm, KeyUse.SIG, Algorithm.HS512))
                .getSecretKey();
    }

    private String hash(SecretKey key, String userId, Purpose purpose, String email, String code) {
        return Hashes.keyed(
                key,
                USE,
                options.hashSecret(),
                realm.getId(),
                userId,
                purpose.name(),
                email.toLowerCase(Locale.ROOT),
                code);
    }

    private String id(String userId, Purpose purpose) {
        return Hashes.name(realm.getId(), userId, purpose.name());
    }

    private static Issuance refused(Outcome outcome, int wait) {
        return new Issuance(new Sending(outcome, wait), null);
    }
}
