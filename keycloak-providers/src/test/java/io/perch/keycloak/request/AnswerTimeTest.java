package io.perch.keycloak.request;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AnswerTimeTest {

    @Test
    void anAnswerWaitsForItsTime() {
        long start = System.nanoTime();
        new AnswerTime().await(30, 2_000_000);
        assertTrue(System.nanoTime() - start >= 32_000_000);
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anInterruptedThreadDoesNotWait() {
        Thread.currentThread().interrupt();
        new AnswerTime().await(60_000, 0);
        assertTrue(Thread.interrupted());
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void workCountsFromTheBegin() {
        AnswerTime time = new AnswerTime();
        time.await(300, 0);
        long start = System.nanoTime();
        time.await(300, 0);
        assertTrue(System.nanoTime() - start < 300_000_000);
    }
}
