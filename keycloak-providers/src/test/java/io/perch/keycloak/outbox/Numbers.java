package io.perch.keycloak.outbox;

import java.util.Arrays;

/** What is made of measured numbers. */
final class Numbers {

    private Numbers() {}

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
