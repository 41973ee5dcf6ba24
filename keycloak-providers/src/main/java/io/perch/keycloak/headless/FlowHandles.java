package io.perch.keycloak.headless;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.keycloak.models.SingleUseObjectProvider;

/**
 * The values {@code auth_session} of OAuth 2.0 for First-Party Applications: 256 random bits that work once.
 *
 * <p>The server keeps only the value's hash, so what it stores opens no flow. A value is looked up, compared with who has sent it, and
 * only then taken: somebody else's use of a stolen value does not end the owner's flow. Of several requests with one value only one can
 * take it.
 */
final class FlowHandles {

    /** Incomplete entries after which a flow ends. */
    static final int MOST_INCOMPLETE = 10;

    private static final String PREFIX = "perch-flow:";
    private static final String INCOMPLETE = ":incomplete:";
    private static final int BYTES = 32;
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SingleUseObjectProvider store;

    FlowHandles(SingleUseObjectProvider store) {
        this.store = store;
    }

    /**
     * Keeps a handle, once the transaction has committed.
     *
     * @param seconds how long, at least one
     * @return its value
     */
    String put(FlowHandle handle, int seconds) {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        String value = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        store.put(key(value), seconds, handle.notes());
        return value;
    }

    /** The handle of this value, which stays; empty where there is none, or no more. */
    Optional<FlowHandle> find(String value) {
        if (!VALUE.matcher(value).matches()) {
            return Optional.empty();
        }
        Map<String, String> notes = store.get(key(value));
        return Optional.ofNullable(notes).map(FlowHandle::of);
    }

    /** Uses the value up; false where another request was faster. */
    boolean take(String value) {
        return store.remove(key(value)) != null;
    }

    /**
     * Counts an incomplete entry with this value. Each has a record of its own, so that no count is lost between requests at once. A
     * changed handle would not expire: Infinispan forgets the lifespan of an object that is replaced.
     *
     * @param seconds how long the count is kept, at least one
     * @return whether the value may be used again
     */
    boolean countIncomplete(String value, int seconds) {
        String start = key(value) + INCOMPLETE;
        for (int i = 1; i < MOST_INCOMPLETE; i++) {
            if (store.putIfAbsent(start + i, seconds)) {
                return true;
            }
        }
        return false;
    }

    private static String key(String value) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.US_ASCII));
            return PREFIX + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
