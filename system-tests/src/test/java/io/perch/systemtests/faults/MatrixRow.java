package io.perch.systemtests.faults;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The results of a row.
 *
 * @param inFlight logins that were accepted and not final when the fault began
 * @param seconds from the beginning of the fault until all tasks were final
 */
record MatrixRow(
        String fault,
        int accepted,
        int refused,
        int unanswered,
        long inFlight,
        long ended,
        Map<String, Long> byStatus,
        int attempts,
        int takenOver,
        long seconds) {

    private static final String FORM = "| %-46s | %8s | %7s | %10s | %9s | %6s | %-26s | %8s | %10s | %7s |";

    static MatrixRow of(String fault, Clients clients, List<StoredTask> tasks, long inFlight, long seconds) {
        return new MatrixRow(
                fault,
                clients.accepted().size(),
                clients.refused().size(),
                clients.unanswered().size(),
                inFlight,
                tasks.stream().filter(StoredTask::isFinal).count(),
                tasks.stream().collect(Collectors.groupingBy(StoredTask::status, TreeMap::new, Collectors.counting())),
                tasks.stream().mapToInt(StoredTask::attempt).sum(),
                Verdict.takenOver(tasks),
                seconds);
    }

    static String head() {
        return FORM.formatted(
                "fault",
                "accepted",
                "refused",
                "unanswered",
                "in flight",
                "final",
                "by status",
                "attempts",
                "taken over",
                "seconds");
    }

    String line() {
        return FORM.formatted(
                fault, accepted, refused, unanswered, inFlight, ended, byStatus, attempts, takenOver, seconds);
    }
}
