package io.perch.resourceserver.mongo;

import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;

/** Repeats a call while the database is unavailable. Only for calls that may be repeated. */
public class DatabaseRetry {

    private static final Duration FIRST_DELAY = Duration.ofMillis(200);
    private static final Duration MAX_DELAY = Duration.ofSeconds(2);

    private final RetryTemplate template;

    /**
     * Creates a policy.
     *
     * @param timeout how long to retry
     */
    public DatabaseRetry(Duration timeout) {
        template = new RetryTemplate(RetryPolicy.builder()
                .includes(DataAccessResourceFailureException.class, TransientDataAccessException.class)
                .maxRetries(Long.MAX_VALUE)
                .timeout(timeout)
                .delay(FIRST_DELAY)
                .multiplier(2)
                .maxDelay(MAX_DELAY)
                .build());
    }

    /**
     * Calls the database until it succeeds.
     *
     * @throws RuntimeException the last exception, after the timeout or if a retry would not help
     */
    public <T> T call(Supplier<T> call) {
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
