package io.perch.resourceserver.live;

import io.perch.resourceserver.task.TaskSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a client is, as the id of the last event that it got says: {@code 1763676000123-9f8e7d6c.4-0a1b2c3d.2}. The
 * number is the time of the latest change that was sent to it, in milliseconds. The change before that time may come
 * after it, from another instance or because its event was lost; so every task follows that was sent to the client and that
 * had changed within {@link #OVERLAP} before, as the hash of its id in hexadecimal digits, a dot, and its version. What
 * changed since then, or within the overlap and is not covered by the list, the client does not know.
 *
 * @param latest the time of the latest change
 * @param versions the versions of the recently changed tasks, by {@link #key}
 */
record LastEventId(Instant latest, Map<Integer, Integer> versions) {

    /** How late a change is seen at most: it was written late, the broker was unavailable, or its event was lost and the task was read again. */
    static final Duration OVERLAP = Duration.ofSeconds(90);

    /** How many tasks an id names; of more than that, some would be sent twice. */
    static final int MAX_TASKS = 100;

    private static final int MAX_LENGTH = 14 + MAX_TASKS * 16;
    private static final int HEXADECIMAL = 16;

    /** Reads a header; what is not an id that this server makes is ignored. */
    static Optional<LastEventId> parse(@Nullable String header) {
        if (header == null || header.isEmpty() || header.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            String[] parts = header.split("-", -1);
            Instant latest = Instant.ofEpochMilli(Long.parseLong(parts[0]));
            Map<Integer, Integer> versions = new HashMap<>();
            for (int i = 1; i < parts.length; i++) {
                int dot = parts[i].indexOf('.');
                if (dot < 0) {
                    return Optional.empty();
                }
                int key = Integer.parseUnsignedInt(parts[i].substring(0, dot), HEXADECIMAL);
                versions.put(key, Integer.parseUnsignedInt(parts[i].substring(dot + 1)));
            }
            return Optional.of(new LastEventId(latest, versions));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** From when on a change may be unknown to the client. */
    Instant since() {
        return latest.minus(OVERLAP);
    }

    /** Returns whether the client got this, or something newer. */
    boolean covers(TaskSnapshot snapshot) {
        return versions.getOrDefault(key(snapshot.task().taskId()), 0) >= snapshot.version();
    }

    /** The same on every instance and after a restart. */
    static int key(String taskId) {
        return taskId.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(latest.toEpochMilli());
        versions.forEach((key, version) ->
                text.append('-').append(Integer.toHexString(key)).append('.').append(version));
        return text.toString();
    }
}
