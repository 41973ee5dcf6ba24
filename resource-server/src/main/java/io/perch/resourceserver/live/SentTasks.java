package io.perch.resourceserver.live;

import io.perch.resourceserver.task.TaskSnapshot;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tasks that were last sent to one client. Not thread-safe. */
final class SentTasks {

    /** More than {@link LastEventId} can contain, because duplicate updates of older tasks may still arrive. */
    private static final int MAX_KEPT = 4 * LastEventId.MAX_TASKS;

    private record Sent(int version, Instant updatedAt, boolean open) {}

    private final Map<String, Sent> tasks = new LinkedHashMap<>();
    private Instant latest = Instant.EPOCH;

    /** Returns whether the client does not have this version yet. */
    boolean isNew(TaskSnapshot snapshot) {
        Sent sent = tasks.get(snapshot.task().taskId());
        return sent == null || sent.version() < snapshot.version();
    }

    /** Records that this version was sent to the client. */
    void add(TaskSnapshot snapshot) {
        Instant updatedAt = snapshot.task().updatedAt();
        boolean open = !snapshot.task().status().isFinal();
        String taskId = snapshot.task().taskId();
        tasks.remove(taskId);
        tasks.put(taskId, new Sent(snapshot.version(), updatedAt, open));
        if (tasks.size() > MAX_KEPT) {
            tasks.remove(tasks.keySet().iterator().next());
        }
        advanceTo(updatedAt);
    }

    /** Records that a change at this time was sent to the client earlier. */
    void advanceTo(Instant time) {
        if (time.isAfter(latest)) {
            latest = time;
        }
    }

    /** Returns the ID that the client sends when it reconnects. */
    LastEventId lastEventId() {
        Instant since = latest.minus(LastEventId.OVERLAP);
        List<Map.Entry<String, Sent>> recent = tasks.entrySet().stream()
                .filter(task -> !task.getValue().updatedAt().isBefore(since))
                .toList();
        Map<Integer, Integer> versions = new LinkedHashMap<>();
        recent.stream()
                .skip(Math.max(0, recent.size() - LastEventId.MAX_TASKS))
                .forEach(task -> versions.put(
                        LastEventId.key(task.getKey()), task.getValue().version()));
        return new LastEventId(latest, versions);
    }

    /** Returns the tasks that are not final in the state that the client has. */
    List<String> open() {
        return tasks.entrySet().stream()
                .filter(task -> task.getValue().open())
                .map(Map.Entry::getKey)
                .toList();
    }
}
