package io.perch.systemtests.faults;

import io.perch.systemtests.faults.StoredTask.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares the tasks in the database with the answers that clients received, and lists every contradiction. */
final class Verdict {

    /** The longest time between the timestamp of a claim and its execution in the database. */
    private static final Duration CLAIM = Duration.ofMillis(250);

    private final List<StoredTask> tasks;
    private final List<String> faults = new ArrayList<>();

    private Verdict(List<StoredTask> tasks) {
        this.tasks = tasks;
    }

    /** Returns all errors. Without errors the list is empty. */
    static List<String> errors(List<StoredTask> tasks, Clients clients) {
        var verdict = new Verdict(tasks);
        verdict.checkAcceptedLogins(clients.accepted(), clients.unanswered());
        tasks.forEach(verdict::checkEnd);
        tasks.forEach(verdict::checkAttempts);
        tasks.stream()
                .collect(Collectors.groupingBy(StoredTask::account))
                .values()
                .forEach(verdict::checkOverlaps);
        return verdict.faults;
    }

    /** The number of attempts that another instance took over. */
    static int takenOver(List<StoredTask> tasks) {
        return tasks.stream()
                .map(StoredTask::history)
                .mapToInt(history -> (int) attempts(history).stream()
                        .filter(attempt -> attempt.next().status().equals("running"))
                        .count())
                .sum();
    }

    private void checkAcceptedLogins(Map<String, Login> accepted, Collection<Login> unanswered) {
        var perhaps = unanswered.stream().map(Login::username).collect(Collectors.toSet());
        var missing = new HashSet<>(accepted.keySet());
        for (var task : tasks) {
            var login = accepted.get(task.id());
            missing.remove(task.id());
            if (login == null && !perhaps.contains(task.username())) {
                faults.add("no client submitted " + task);
            } else if (login != null
                    && !(login.user().equals(task.user()) && login.username().equals(task.username()))) {
                faults.add("accepted as " + login + ", stored as " + task);
            }
        }
        missing.forEach(id -> faults.add("accepted but lost: " + id + " " + accepted.get(id)));
    }

    private void checkEnd(StoredTask task) {
        var history = task.history();
        var last = history.get(history.size() - 1);
        if (history.stream().filter(Step::isFinal).count() != 1 || !last.isFinal()) {
            faults.add("does not end once: " + task);
        } else if (!last.status().equals(task.status()) || !task.status().equals(Login.ending(task.username()))) {
            faults.add("has a wrong final status: " + task);
        }
    }

    /** Attempts are numbered from 1 without gaps. The steps of each attempt have its number. */
    private void checkAttempts(StoredTask task) {
        int current = 0;
        for (var step : task.history()) {
            if (step.status().equals("running")) {
                current++;
            }
            if (step.attempt() != current) {
                faults.add("attempts do not follow each other: " + task);
                return;
            }
        }
        if (task.attempt() != current) {
            faults.add("attempts were miscounted: " + task);
        }
    }

    /**
     * Two attempts for one account must not overlap.
     *
     * <p>An attempt lasts from its entry {@code running} to the task's next entry. The timestamp of {@code running} is
     * taken before the claim is sent, but the database locks the account only when it executes the claim. So two
     * attempts may seem to overlap by {@link #CLAIM}. The next entry is written by the command that releases the
     * account.
     *
     * <p>If an instance crashed or lost the database, its attempt ends with the lease. The history does not show this
     * end. Such an attempt counts for nine tenths of a lease: a running instance has stopped the login by then, and no
     * other instance can lock the account earlier. No login of the workload takes longer than that.
     */
    private void checkOverlaps(List<StoredTask> ofOneAccount) {
        var attempts = ofOneAccount.stream()
                .flatMap(task -> attempts(task.history()).stream()
                        .map(attempt -> new Span(task.id(), attempt.begun().at(), attempt.end())))
                .sorted(Comparator.comparing(Span::from))
                .toList();
        for (int i = 1; i < attempts.size(); i++) {
            var earlier = attempts.get(i - 1);
            var later = attempts.get(i);
            if (later.from().plus(CLAIM).isBefore(earlier.to())) {
                faults.add("at the same time %s by %s: %s and %s"
                        .formatted(
                                ofOneAccount.get(0).username(),
                                Duration.between(later.from(), earlier.to()),
                                earlier,
                                later));
            }
        }
    }

    private static List<Attempt> attempts(List<Step> history) {
        var attempts = new ArrayList<Attempt>();
        for (int i = 0; i + 1 < history.size(); i++) {
            if (history.get(i).status().equals("running")) {
                attempts.add(new Attempt(history.get(i), history.get(i + 1)));
            }
        }
        return attempts;
    }

    private record Span(String task, Instant from, Instant to) {}

    private record Attempt(Step begun, Step next) {

        private static final Duration AT_MOST =
                SystemUnderTest.LEASE.multipliedBy(9).dividedBy(10);

        Instant end() {
            var atMost = begun.at().plus(AT_MOST);
            return next.at().isBefore(atMost) ? next.at() : atMost;
        }
    }
}
