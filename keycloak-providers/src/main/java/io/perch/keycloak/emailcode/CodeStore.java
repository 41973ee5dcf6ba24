package io.perch.keycloak.emailcode;

import io.perch.keycloak.emailcode.EmailCodes.Format;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Requester;
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
 * The codes in the database. Call each method in a short transaction of its own: rows stay locked until it ends. This makes the
 * counts exact.
 */
final class CodeStore {

    /** Number of rows without a user's code, created by the changelog. A guess without a valid code uses one of them. */
    static final int DECOYS = 16;

    /** Digits of a code after many wrong guesses for the same user. */
    private static final int LONG_CODE = 12;

    /** Seconds that the number of wrong guesses is kept: thirty days. */
    private static final int FAILURE_RETENTION = 30 * 24 * 3600;

    private static final String USE = "perch-email-code";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final CodeOptions options;
    private final EntityManager entities;
    private final SendingBudgets budgets;

    CodeStore(KeycloakSession session, RealmModel realm, CodeOptions options) {
        this.session = session;
        this.realm = realm;
        this.options = options;
        this.entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
        this.budgets = new SendingBudgets(entities, realm.getId(), options);
    }

    /** The result of a request to send. It has a code only if a mail will be sent. */
    record Issuance(Sending sending, @Nullable IssuedCode issued) {}

    /**
     * A code that was entered.
     *
     * @param code without blanks and dashes
     * @param binding see {@link IssuedCode#binding}
     * @param origin the origin of the request
     * @param anywhere whether a code is accepted that another network has requested
     * @param useUp whether a correct code is deleted
     */
    record Guess(String code, String binding, RequestOrigin origin, boolean anywhere, boolean useUp) {

        /** Without the code, because a code must not appear in a log. */
        @Override
        public String toString() {
            return "a guess";
        }
    }

    /** Replaces the user's code by a new one, if the cooldown and the budgets allow it. */
    Issuance issue(
            String userId,
            String email,
            Purpose purpose,
            String binding,
            Requester requester,
            RequestOrigin origin,
            Format format) {
        String id = id(userId, purpose, binding);
        long now = Time.currentTimeSeconds();
        StoredCode row = entities.find(StoredCode.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (row != null && row.issuedAt() + options.cooldown() > now) {
            return refused(Outcome.COOLING_DOWN, (int) (row.issuedAt() + options.cooldown() - now));
        }
        int wait = budgets.take(email, purpose, requester, origin);
        if (wait > 0) {
            return refused(Outcome.BUDGET_SPENT, wait);
        }
        if (row == null) {
            row = new StoredCode(id);
        }
        String code = Digits.random(length(format, row.addFailures(now, binding.isEmpty() ? FAILURE_RETENTION : 0)));
        KeyWrapper key = session.keys().getActiveKey(realm, KeyUse.SIG, Algorithm.HS512);
        String issueId = UUID.randomUUID().toString();
        row.issue(
                issueId,
                key.getKid(),
                hash(key.getSecretKey(), userId, purpose, email, code),
                now,
                format.life(),
                network(origin));
        entities.persist(row);
        entities.flush();
        return new Issuance(
                new Sending(Outcome.SENT, options.cooldown()),
                new IssuedCode(realm.getId(), userId, email, purpose, binding, issueId, code, format.life(), origin));
    }

    // After many wrong guesses codes are longer, but they still work: an attacker cannot lock the owner out
    private int length(Format format, int failed) {
        return failed < 2 * options.attempts() ? format.length() : Math.max(format.length(), LONG_CODE);
    }

    /** Counts a request for an unknown user in the same way as one for a known user. */
    void countUnknown(Purpose purpose, Requester requester, RequestOrigin origin) {
        budgets.takeFromNetwork(purpose, requester, origin);
    }

    /**
     * Counts a guess, then compares it.
     *
     * @param userId null if there is no user: the verdict is {@code VOID}
     * @param email the user's current address; null if there is none
     */
    Verdict guess(@Nullable String userId, @Nullable String email, Purpose purpose, Guess guess) {
        String id = userId == null ? "" : id(userId, purpose, guess.binding());
        boolean valid = count(id, guess) == 1;
        // One update that finds a row and one that finds none, so that the response time does not show which mailboxes
        // have a code
        if (valid) {
            count("", guess);
        } else {
            id = "decoy-" + ThreadLocalRandom.current().nextInt(DECOYS);
            count(id, guess);
        }
        StoredCode row = entities.find(StoredCode.class, id);
        boolean correct = row != null
                && Hashes.same(
                        row.hash(),
                        hash(key(row.keyId()), String.valueOf(userId), purpose, String.valueOf(email), guess.code()));
        if (!valid || row == null) {
            return Verdict.VOID;
        }
        if (!correct) {
            return Verdict.WRONG;
        }
        int updated = guess.useUp() ? delete(id, row.issueId()) : uncount(id);
        return updated == 1 ? Verdict.ACCEPTED : Verdict.VOID;
    }

    /** Seconds until the cooldown allows the next mail; zero if it does now. */
    int cooldown(String userId, Purpose purpose, String binding) {
        return Optional.ofNullable(entities.find(StoredCode.class, id(userId, purpose, binding)))
                .map(row -> (int) Math.max(0, row.issuedAt() + options.cooldown() - Time.currentTimeSeconds()))
                .orElse(0);
    }

    /** Whether a code is still the user's newest one. */
    boolean isCurrent(String userId, Purpose purpose, String binding, String issueId) {
        StoredCode row = entities.find(StoredCode.class, id(userId, purpose, binding));
        return row != null && row.issueId().equals(issueId);
    }

    /** Deletes codes and budgets that are no longer needed. */
    static void purge(EntityManager entities, CodeOptions options) {
        long now = Time.currentTimeSeconds();
        entities.createQuery("delete from PerchEmailCode c where c.expiresAt < :now and c.issuedAt < :cool"
                        + " and (c.rememberUntil < :now or c.attempts = 0 and c.failed = 0)")
                .setParameter("now", now)
                .setParameter("cool", now - options.cooldown())
                .executeUpdate();
        entities.createQuery("delete from PerchEmailCodeBudget b where b.expiresAt < :now")
                .setParameter("now", now)
                .executeUpdate();
    }

    private int count(String id, Guess guess) {
        boolean isDecoy = id.startsWith("decoy-");
        return entities.createQuery("update PerchEmailCode c set c.attempts = c.attempts + 1"
                        + " where c.id = :id and c.attempts < :limit and c.expiresAt > :now"
                        + " and (c.requestNetwork = :network or :anywhere = true)")
                .setParameter("id", id)
                .setParameter("limit", isDecoy ? Integer.MAX_VALUE : options.attempts())
                .setParameter("now", Time.currentTimeSeconds())
                .setParameter("network", network(guess.origin()))
                .setParameter("anywhere", isDecoy || guess.anywhere())
                .executeUpdate();
    }

    private int uncount(String id) {
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

    // If the key was removed from the realm, no code can match. The comparison then uses the active key
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

    private String id(String userId, Purpose purpose, String binding) {
        return binding.isEmpty()
                ? Hashes.name(realm.getId(), userId, purpose.name())
                : Hashes.name(realm.getId(), userId, purpose.name(), binding);
    }

    private String network(RequestOrigin origin) {
        return Hashes.name("network", realm.getId(), origin.network());
    }

    private static Issuance refused(Outcome outcome, int wait) {
        return new Issuance(new Sending(outcome, wait), null);
    }
}
