package io.perch.keycloak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Compares the response times of a call for groups of users. The first two groups are of the same kind. The difference between their
 * times is noise. The medians are written to {@code target/response-times.txt}.
 */
public final class ResponseTimes {

    private static final Path REPORT = Path.of("target", "response-times.txt");

    private static final int WARM_UP_ROUNDS = 30;
    private static final int SETTLING_CALLS = 2;

    /** A real difference appears every time. A random one does not. */
    private static final int TRIES = 4;

    /** The largest accepted difference, as a part of the time. */
    private static final double MAX_PART = 0.05;

    /** A difference of so many milliseconds is accepted for every call. Other load on the machine can cause it. */
    private static final double MIN_MILLIS = 0.2;

    /** The largest accepted difference in milliseconds. */
    private static final double MAX_MILLIS = 0.5;

    /** A measurement must be exact enough to find a difference of so many milliseconds. */
    private static final double DETECTABLE_MILLIS = 1;

    private final List<String> groups;
    private final int rounds;
    private final int batch;
    private final Runnable otherCall;

    /**
     * @param groups the names of the groups
     * @param rounds the requests for each group; twice as many each time a measurement shows a difference
     * @param batch the rounds between two preparations of the users
     * @param otherCall a call that is the same for all groups
     */
    public ResponseTimes(List<String> groups, int rounds, int batch, Runnable otherCall) {
        this.groups = groups;
        this.rounds = rounds;
        this.batch = batch;
        this.otherCall = otherCall;
    }

    /** A request for a user of a group. */
    public interface Request {

        /**
         * Sends it, and returns the milliseconds until the answer.
         *
         * @param round its number in the batch, from 0
         */
        double time(String group, int round);
    }

    /**
     * Fails if the call takes another time for one of the groups.
     *
     * @param call its name in the log
     */
    public void compare(String call, Runnable beforeBatch, Request request, Runnable afterBatch) {
        measure(WARM_UP_ROUNDS, beforeBatch, request, afterBatch);
        boolean alike = false;
        for (int i = 0; i < TRIES && !alike; i++) {
            alike = isAlike(call, measure(rounds << i, beforeBatch, request, afterBatch));
        }
        assertTrue(alike, call + " takes another time for a group, or the measurements are too inexact");
    }

    /** The times of the groups. They are measured alternately, so that other load on the machine affects all of them. */
    private double[][] measure(int number, Runnable beforeBatch, Request request, Runnable afterBatch) {
        double[][] times = new double[groups.size()][number];
        for (int round = 0; round < number; round++) {
            if (round % batch == 0) {
                beforeBatch.run();
            }
            for (int i = 0; i < groups.size(); i++) {
                // Each group is equally often at each place, and equally often after each of its neighbours
                int group = Math.floorMod(round % 2 == 0 ? round / 2 + i : round / 2 - i, groups.size());
                settle();
                times[group][round] = request.time(groups.get(group), round % batch);
            }
            if (round % batch == batch - 1 || round == number - 1) {
                afterBatch.run();
            }
        }
        return times;
    }

    // The same other calls before each measurement, so that the server's caches are in the same state
    private void settle() {
        for (int i = 0; i < SETTLING_CALLS; i++) {
            otherCall.run();
        }
    }

    private boolean isAlike(String call, double[][] times) {
        double[] medians =
                Arrays.stream(times).mapToDouble(ResponseTimes::median).toArray();
        double known = medians[0];
        double noise = Math.abs(known - medians[1]);
        double difference = DoubleStream.of(medians)
                .skip(2)
                .map(median -> Math.abs(known - median))
                .max()
                .orElseThrow();
        double accepted = Math.max(noise, Math.min(Math.max(MAX_PART * known, MIN_MILLIS), MAX_MILLIS));
        report(String.format(
                Locale.ROOT,
                "%s: medians of %d in ms, noise %.3f, accepted %.3f%s%n",
                call,
                times[0].length,
                noise,
                accepted,
                table(medians)));
        return difference < accepted && accepted < DETECTABLE_MILLIS - difference;
    }

    private static void report(String text) {
        try {
            Files.writeString(REPORT, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String table(double[] medians) {
        StringBuilder table = new StringBuilder();
        IntStream.range(0, medians.length)
                .forEach(i -> table.append(String.format(
                        Locale.ROOT,
                        "%n  %-10s %9.3f  difference to %s %+.3f",
                        groups.get(i),
                        medians[i],
                        groups.get(0),
                        medians[i] - medians[0])));
        return table.toString();
    }

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
