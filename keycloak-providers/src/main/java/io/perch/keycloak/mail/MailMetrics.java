package io.perch.keycloak.mail;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.util.function.Supplier;

/** The metrics of one feature's mails, at Keycloak's {@code /metrics}. No tag has a value that depends on a user. */
public final class MailMetrics {

    private static final String FEATURE = "feature";

    private final String feature;
    private final Counter sent;
    private final Counter retried;
    private final Counter givenUp;
    private final Counter dropped;
    private final Counter overBudget;

    /**
     * Registers the counters, which start at zero.
     *
     * @param feature the value of the tag {@code feature}
     */
    MailMetrics(String feature) {
        this.feature = feature;
        sent = Counter.builder("perch.mails.sent")
                .description("Mails that the mail server has accepted")
                .tag(FEATURE, feature)
                .register(Metrics.globalRegistry);
        retried = failed("retried");
        givenUp = failed("given_up");
        dropped = failed("dropped");
        overBudget = failed("over_budget");
    }

    private Counter failed(String outcome) {
        return Counter.builder("perch.mails.failed")
                .description("Mails that were not sent, by what happens next")
                .tag(FEATURE, feature)
                .tag("outcome", outcome)
                .register(Metrics.globalRegistry);
    }

    /** Registers the number of mails that wait. The supplier is called whenever the metrics are read. */
    public void waiting(Supplier<Number> count) {
        Gauge.builder("perch.mails.waiting", count)
                .description("Mails that wait to be sent")
                .tag(FEATURE, feature)
                .register(Metrics.globalRegistry);
    }

    /** Counts a mail that the mail server has accepted. */
    public void sent() {
        sent.increment();
    }

    /** Counts a failed attempt that is followed by another one. */
    public void retried() {
        retried.increment();
    }

    /** Counts a mail whose last attempt has failed. */
    public void givenUp() {
        givenUp.increment();
    }

    /** Counts a task that was dropped because the queue is full. */
    void dropped() {
        dropped.increment();
    }

    /** Counts a mail that was dropped because its receiver's budget is spent. */
    public void overBudget() {
        overBudget.increment();
    }
}
