package io.perch.keycloak.emailcode;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Sending;
import io.perch.keycloak.emailcode.EmailCodes.Verdict;
import java.util.Locale;

/** The metrics of codes, at Keycloak's {@code /metrics}. No tag has a value that depends on a user. */
final class CodeMetrics {

    /** The reason why no mail is sent. */
    enum Refusal {
        /** The last mail to this user is too recent. */
        COOLDOWN,
        /** The budget of the mailbox or of the network is spent. */
        BUDGET,
        /** The network has sent too many requests. They are dropped without a lookup. */
        REQUESTS
    }

    /** Registers all counters, which start at zero. */
    CodeMetrics() {
        for (Purpose purpose : Purpose.values()) {
            sentCounter(purpose).increment(0);
            for (Refusal reason : Refusal.values()) {
                refusedCounter(purpose, reason).increment(0);
            }
            for (Verdict verdict : Verdict.values()) {
                enteredCounter(purpose, verdict).increment(0);
            }
        }
    }

    /** Counts a mail with a code that the mail server has accepted. */
    void sent(Purpose purpose) {
        sentCounter(purpose).increment();
    }

    /** Counts a request to send if no mail is sent. */
    void requested(Purpose purpose, Sending.Outcome outcome) {
        switch (outcome) {
            case COOLING_DOWN -> refused(purpose, Refusal.COOLDOWN);
            case BUDGET_SPENT -> refused(purpose, Refusal.BUDGET);
            case SENT -> {
                // Counted when the mail server has accepted it
            }
        }
    }

    /** Counts a request for which no mail is sent. */
    void refused(Purpose purpose, Refusal reason) {
        refusedCounter(purpose, reason).increment();
    }

    /** Counts a code that was entered. */
    void entered(Purpose purpose, Verdict verdict) {
        enteredCounter(purpose, verdict).increment();
    }

    private static Counter sentCounter(Purpose purpose) {
        return counter("perch.email.codes.sent", "Mails with a code that the mail server has accepted", purpose)
                .register(Metrics.globalRegistry);
    }

    private static Counter refusedCounter(Purpose purpose, Refusal reason) {
        return counter("perch.email.codes.refused", "Requests for a code for which no mail is sent", purpose)
                .tag("reason", value(reason))
                .register(Metrics.globalRegistry);
    }

    private static Counter enteredCounter(Purpose purpose, Verdict verdict) {
        return counter("perch.email.codes.entered", "Codes that were entered", purpose)
                .tag("result", value(verdict))
                .register(Metrics.globalRegistry);
    }

    private static Counter.Builder counter(String name, String description, Purpose purpose) {
        return Counter.builder(name).description(description).tag("purpose", value(purpose));
    }

    private static String value(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
