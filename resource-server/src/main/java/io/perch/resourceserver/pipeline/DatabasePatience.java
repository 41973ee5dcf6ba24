package io.perch.resourceserver.pipeline;

import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;

/** Asks the database again while it is away: what a login brought is worth waiting for as long as its lease lasts. */
class DatabasePatience {

    private static final Duration FIRST_DELAY = Duration.ofMillis(200);
    private static final Duration MAX_DELAY = Duration.ofSeconds(2);

    private final RetryTemplate template;

    DatabasePatience(Duration patience) {
        template = new RetryTemplate(RetryPolicy.builder()
                .includes(DataAccessResourceFailureException.class, TransientDataAccessException.class)
                .maxRetries(Long.MAX_VALUE)
                .timeout(patience)
                .delay(FIRST_DELAY)
                .multiplier(2)
                .maxDelay(MAX_DELAY)
                .build());
    }

    /**
     * Calls the database until it answers.
     *
     * @throws RuntimeException the last call's, when patience ends or another call would not help
     */
    <T> T call(Supplier<T> call) {
        try {
            return template.execute(call::get);
        } catch (RetryException e) {
            if (e.getCause() instanceof RuntimeException last) {
                throw last;
            }
            throw new IllegalStateException(e);
        }
    }
}
