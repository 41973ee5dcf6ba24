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

/** Holds what the database has against what the clients were told, and finds what must not be. */
final class Verdict {

    private final List<StoredTask> tasks;
    private final List<String> faults = new ArrayList<>();

    private Verdict(List<StoredTask> tasks) {
        this.tasks = tasks;
    }

    /** Returns everything that is wrong; nothing, if all is well. */
    static List<String> on(List<StoredTask> tasks, Clients clients) {
        var verdict = new Verdict(tasks);
        verdict.everyAcceptedLoginIsThereAndNoOther(clients.accepted(), clients.unanswered());
        tasks.forEach(verdict::endsOnceAndRight);
        tasks.forEach(verdict::attemptsFollowEachOther);
        tasks.stream()
                .collect(Collectors.groupingBy(StoredTask::account))
                .values()
                .forEach(verdict::takeTurns);
        return verdict.faults;
    }

    /** Attempts that were taken over from an instance that did not end them. */
    static int takenOver(List<StoredTask> tasks) {
        return tasks.stream()
                .map(StoredTask::history)
                .mapToInt(history -> (int) attempts(history).stream()
                        .filter(attempt -> attempt.next().status().equals("running"))
                        .count())
                .sum();
    }

    private void everyAcceptedLoginIsThereAndNoOther(Map<String, Login> accepted, Collection<Login> unanswered) {
        var perhaps = unanswered.stream().map(Login::username).collect(Collectors.toSet());
        var missing = new HashSet<>(accepted.keySet());
        for (var task : tasks) {
            var login = accepted.get(task.id());
            missing.remove(task.id());
            if (login == null && !perhaps.contains(task.username())) {
                faults.add("nobody was told of " + task);
            } else if (login != null
                    && !(login.user().equals(task.user()) && login.username().equals(task.username()))) {
                faults.add("accepted as " + login + ", stored as " + task);
            }
        }
        missing.forEach(id -> faults.add("accepted and lost: " + id + " " + accepted.get(id)));
    }

    private void endsOnceAndRight(StoredTask task) {
        var history = task.history();
        var last = history.get(history.size() - 1);
        if (history.stream().filter(Step::isFinal).count() != 1 || !last.isFinal()) {
            faults.add("does not end once: " + task);
        } else if (!last.status().equals(task.status()) || !task.status().equals(Login.ending(task.username()))) {
            faults.add("ends otherwise: " + task);
        }
    }

    /** Attempts are counted from 1 without a gap, and each writes under its own number alone. */
    private void attemptsFollowEachOther(StoredTask task) {
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
     * No two attempts for one account at a time.
     *
     * <p>An attempt lasts from its entry {@code running}, which is written after it got the account, to the task's next
     * entry, which is written before it gives the account back. But one that does not end so (its instance died, or
     * lost the database) ends with its lease, of which the history says nothing; and when others take the account then, its own
     * task may still have to wait for the sweeper. Such an attempt counts for nine tenths of a lease: by then an
     * instance that lives has let go of it, and until then nobody else may have the account. No login of the workload takes
     * that long, so that this cuts no other attempt short.
     */
    private void takeTurns(List<StoredTask> ofOneAccount) {
        var attempts = ofOneAccount.stream()
                .flatMap(task -> attempts(task.history()).stream()
                        .map(attempt -> new Turn(task.id(), attempt.begun().at(), attempt.end())))
                .sorted(Comparator.comparing(Turn::from))
                .toList();
        for (int i = 1; i < attempts.size(); i++) {
            var earlier = attempts.get(i - 1);
            var later = attempts.get(i);
            if (later.from().isBefore(earlier.to())) {
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

    private record Turn(String task, Instant from, Instant to) {}

    private record Attempt(Step begun, Step next) {

        private static final Duration AT_MOST =
                FragileSystem.LEASE.multipliedBy(9).dividedBy(10);

        Instant end() {
            var atMost = begun.at().plus(AT_MOST);
            return next.at().isBefore(atMost) ? next.at() : atMost;
        }
    }
}
