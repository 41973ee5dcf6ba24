package io.perch.keycloak.emailcode;

import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Requester;
import io.perch.keycloak.hash.Hashes;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.keycloak.common.util.Time;

/**
 * Limits the mails in any sixty minutes. The count is exact, because a row is locked while it is read and written. Use it in a
 * short transaction of its own.
 *
 * <p>Every purpose and every kind of requester has separate budgets. So unauthenticated requests never use the budget that the
 * account's owner needs to sign in.
 */
final class SendingBudgets {

    /** The largest budget whose times fit into a row. */
    static final int LARGEST = 300;

    private static final int HOUR = 3600;

    private final EntityManager entities;
    private final String realmId;
    private final CodeOptions options;

    SendingBudgets(EntityManager entities, String realmId, CodeOptions options) {
        this.entities = entities;
        this.realmId = realmId;
        this.options = options;
    }

    /**
     * Takes a mail from every budget that it is counted in.
     *
     * @return zero if no budget was spent, else the seconds until a mail is available
     */
    int take(String email, Purpose purpose, Requester requester, RequestOrigin origin) {
        String mailbox = email.toLowerCase(Locale.ROOT);
        int wait = takeFromNetwork(purpose, requester, origin);
        if (wait == 0 && requester == Requester.ANONYMOUS && origin.isCounted(options)) {
            // Otherwise one network could use the whole budget of a mailbox, and its owner would get no code
            wait = take(shareOfOneNetwork(), "share", purpose.name(), mailbox, origin.network());
        }
        return wait > 0 ? wait : take(options.mailboxBudget(), "mailbox", purpose.name(), requester.name(), mailbox);
    }

    /** Takes a mail from the network's budget only, for a mailbox without a user. Returns as {@link #take}. */
    int takeFromNetwork(Purpose purpose, Requester requester, RequestOrigin origin) {
        if (!origin.isCounted(options)) {
            return 0;
        }
        return switch (requester) {
            case ANONYMOUS -> take(options.addressBudget(), "network", purpose.name(), origin.network());
            case NEW_ACCOUNT -> take(options.accountBudget(), "network-new-account", origin.network());
            case ACCOUNT_HOLDER ->
                // Mails of the other purposes are sent to verified addresses only
                purpose == Purpose.VERIFY_EMAIL
                        ? take(options.accountBudget(), "network-account-holder", origin.network())
                        : 0;
        };
    }

    private int shareOfOneNetwork() {
        return options.mailboxBudget() - options.mailboxBudget() * 2 / 5;
    }

    private int take(int budget, String kind, String... keyParts) {
        String id = Hashes.name(
                Stream.concat(Stream.of(kind, realmId), Stream.of(keyParts)).toArray(String[]::new));
        long now = Time.currentTimeSeconds();
        StoredBudget row = entities.find(StoredBudget.class, id, LockModeType.PESSIMISTIC_WRITE);
        List<Long> times = row == null ? List.of() : recent(row.sentAt(), now - HOUR);
        if (times.size() >= budget) {
            return (int) Math.max(1, times.get(times.size() - budget) + HOUR - now);
        }
        if (row == null) {
            row = new StoredBudget(id);
            entities.persist(row);
        }
        row.sent(text(times, now), now + HOUR);
        entities.flush();
        return 0;
    }

    private static List<Long> recent(String times, long after) {
        return Stream.of(times.split(" ", -1))
                .filter(time -> !time.isEmpty())
                .map(Long::valueOf)
                .filter(time -> time > after)
                .toList();
    }

    private static String text(List<Long> times, long last) {
        return LongStream.concat(times.stream().mapToLong(Long::longValue), LongStream.of(last))
                .mapToObj(Long::toString)
                .collect(Collectors.joining(" "));
    }
}
