package io.perch.keycloak.outbox;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Statistics of measured values. */
final class Numbers {

    private Numbers() {}

    /** A percentile. */
    static double percentile(Collection<Double> values, int percent) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
