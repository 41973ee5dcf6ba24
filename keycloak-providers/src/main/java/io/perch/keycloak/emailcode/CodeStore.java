package io.perch.keycloak.emailcode;

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
 * Codes in the database. Every method is to be used in a short transaction of its own: rows stay locked until it ends, which
 * is what makes the counts exact.
 */
final class CodeStore {

    /** Rows that nobody's code is in, made by the changelog. */
    static final int DECOYS = 16;

    /** Digits of a code for somebody whose codes are being guessed at. */
    private static final int LONG_CODE = 12;

    /** Seconds that wrong guesses are remembered: thirty days. */
    private static final int MEMORY = 30 * 24 * 3600;

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

    /** The result of a request to send: with a code if a mail is to go out. */
    record Issuance(Sending sending, @Nullable IssuedCode issued) {}

    /**
     * A code that somebody enters.
     *
     * @param code without blanks and dashes
     * @param binding see {@link IssuedCode#binding}
     * @param origin where the request comes from
     * @param anywhere whether a code counts that another network has asked for
     * @param useUp whether a right code is gone afterwards
     */
    record Guess(String code, String binding, RequestOrigin origin, boolean anywhere, boolean useUp) {

        /** Without the code, which must stand in no log. */
        @Override
        public String toString() {
            return "a guess";
        }
    }

    /** Puts a new code in place of the one before, if cooldown and budgets let it. */
    Issuance issue(
            String userId, String email, Purpose purpose, String binding, Requester requester, RequestOrigin origin) {
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
        String code = Digits.random(length(row.addFailures(now, binding.isEmpty() ? MEMORY : 0)));
        KeyWrapper key = session.keys().getActiveKey(realm, KeyUse.SIG, Algorithm.HS512);
        String issueId = UUID.randomUUID().toString();
        row.issue(
                issueId,
                key.getKid(),
                hash(key.getSecretKey(), userId, purpose, email, code),
                now,
                options.life(),
                network(origin));
        entities.persist(row);
        entities.flush();
        return new Issuance(
                new Sending(Outcome.SENT, options.cooldown()),
                new IssuedCode(realm.getId(), userId, email, purpose, binding, issueId, code, origin));
    }

    // Who is guessed at gets longer codes, and is not kept from using them: a stranger cannot lock the owner out
    private int length(int failed) {
        return failed < 2 * options.attempts() ? options.length() : Math.max(options.length(), LONG_CODE);
    }

    /** Counts a request to send that there is no user for, as one for a user is counted. */
    void countUnknown(Purpose purpose, Requester requester, RequestOrigin origin) {
        budgets.takeFromNetwork(purpose, requester, origin);
    }

    /**
     * Counts a guess, then compares it.
     *
     * @param email the user's present address, null where it has none
     * @param guess the code, without blanks and dashes, and who enters it
     */
    Verdict guess(@Nullable String userId, @Nullable String email, Purpose purpose, Guess guess) {
        String id = userId == null ? "" : id(userId, purpose, guess.binding());
        boolean live = count(id, guess) == 1;
        if (!live) {
            // The same work as for a live code, so that the time does not tell which mailboxes have one
            id = "decoy-" + ThreadLocalRandom.current().nextInt(DECOYS);
            count(id, guess);
        }
        StoredCode row = entities.find(StoredCode.class, id);
        boolean right = row != null
                && Hashes.same(
                        row.hash(),
                        hash(key(row.keyId()), String.valueOf(userId), purpose, String.valueOf(email), guess.code()));
        if (!live || row == null) {
            return Verdict.VOID;
        }
        if (!right) {
            return Verdict.WRONG;
        }
        int taken = guess.useUp() ? delete(id, row.issueId()) : giveBack(id);
        return taken == 1 ? Verdict.ACCEPTED : Verdict.VOID;
    }

    /** Seconds until the next mail may go out; zero where it may now. */
    int cooldown(String userId, Purpose purpose, String binding) {
        return Optional.ofNullable(entities.find(StoredCode.class, id(userId, purpose, binding)))
                .map(row -> (int) Math.max(0, row.issuedAt() + options.cooldown() - Time.currentTimeSeconds()))
                .orElse(0);
    }

    /** Whether a code is still the one that counts. */
    boolean isCurrent(String userId, Purpose purpose, String binding, String issueId) {
        StoredCode row = entities.find(StoredCode.class, id(userId, purpose, binding));
        return row != null && row.issueId().equals(issueId);
    }

    /** Removes what no rule looks at any more. */
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
                        + " and (c.askedFrom = :network or :anywhere = true)")
                .setParameter("id", id)
                .setParameter("limit", isDecoy ? Integer.MAX_VALUE : options.attempts())
                .setParameter("now", Time.currentTimeSeconds())
                .setParameter("network", network(guess.origin()))
                .setParameter("anywhere", isDecoy || guess.anywhere())
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
