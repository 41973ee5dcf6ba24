package io.perch.resourceserver.live;

import io.perch.resourceserver.task.TaskSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ID of the last event that a client received, for example {@code 1763676000123-9f8e7d6c.4-0a1b2c3d.2}. The first number is
 * the time of the latest change that was sent, in milliseconds. An earlier change may be sent after it: it comes from another
 * instance, or its event was lost. So the ID also lists every sent task that changed within {@link #OVERLAP} before that time:
 * the hash of the task's ID in hexadecimal digits, a dot, and its version. The client does not have later changes, and it does
 * not have changes within the overlap that the list does not include.
 *
 * @param latest the time of the latest change
 * @param versions the versions of the recently changed tasks, by {@link #key}
 */
record LastEventId(Instant latest, Map<Integer, Integer> versions) {

    /**
     * The longest delay of a change: its write was slow, the broker was unavailable, or its event was lost and the task was read
     * again.
     */
    static final Duration OVERLAP = Duration.ofSeconds(90);

    /** The largest number of tasks in an ID. If more have changed, some may be sent twice. */
    static final int MAX_TASKS = 100;

    private static final int MAX_LENGTH = 14 + MAX_TASKS * 16;
    private static final int HEXADECIMAL = 16;

    /** Parses a header. A value that this server did not create is ignored. */
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

    /** Returns the time from which on the client may have missed changes. */
    Instant since() {
        return latest.minus(OVERLAP);
    }

    /** Returns whether the client has this version or a newer one. */
    boolean includes(TaskSnapshot snapshot) {
        return versions.getOrDefault(key(snapshot.task().taskId()), 0) >= snapshot.version();
    }

    /** The key is the same on every instance and after a restart. */
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
