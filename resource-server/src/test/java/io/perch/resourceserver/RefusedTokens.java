package io.perch.resourceserver;

import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import java.time.Duration;

/** Checks that an instance refuses the token of a caller. */
final class RefusedTokens {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private RefusedTokens() {}

    /** Waits until the token is refused. */
    static void awaitRefused(Caller caller) {
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(10)).untilAsserted(() -> assertRefused(caller));
    }

    /** Checks that the token is refused now. */
    static void assertRefused(Caller caller) {
        caller.get("/tasks").isProblem(401, "unauthorized");
    }
}
