package io.perch.resourceserver.live;

import io.perch.resourceserver.task.TaskSnapshot;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was sent to one client. Keeps the tasks that were sent last. Not for several threads at once. */
final class SentTasks {

    /** As many as {@link LastEventId} can name, and more, because updates of older ones may still come twice. */
    private static final int KEPT = 4 * LastEventId.MAX_TASKS;

    private record Sent(int version, Instant updatedAt, boolean open) {}

    private final Map<String, Sent> tasks = new LinkedHashMap<>();
    private Instant latest = Instant.EPOCH;

    /** Returns whether the client does not know this yet. */
    boolean isNew(TaskSnapshot snapshot) {
        Sent sent = tasks.get(snapshot.task().taskId());
        return sent == null || sent.version() < snapshot.version();
    }

    /** The client knows this now. */
    void add(TaskSnapshot snapshot) {
        Instant updatedAt = snapshot.task().updatedAt();
        boolean open = !snapshot.task().status().isFinal();
        String taskId = snapshot.task().taskId();
        tasks.remove(taskId);
        tasks.put(taskId, new Sent(snapshot.version(), updatedAt, open));
        if (tasks.size() > KEPT) {
            tasks.remove(tasks.keySet().iterator().next());
        }
        reach(updatedAt);
    }

    /** A change at this time was sent to the client before. */
    void reach(Instant time) {
        if (time.isAfter(latest)) {
            latest = time;
        }
    }

    /** Returns what the client may come back with. */
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

    /** Returns the tasks of which the client has to believe that they will change. */
    List<String> open() {
        return tasks.entrySet().stream()
                .filter(task -> task.getValue().open())
                .map(Map.Entry::getKey)
                .toList();
    }
}
