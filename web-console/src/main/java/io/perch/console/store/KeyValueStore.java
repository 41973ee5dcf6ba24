package io.perch.console.store;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Stores short texts by key, each for a limited time, and has a lock for each key. */
public interface KeyValueStore {

    /** Stores a value. Replaces an existing one. */
    void put(String key, String value, Duration life);

    /** Returns the value, or empty if it is missing or has expired. */
    Optional<String> get(String key);

    /** Removes the value if it exists. */
    void remove(String key);

    /**
     * Runs work while holding the lock of a key. The lock applies to all instances.
     *
     * @throws StoreUnavailableException if the lock is not free within {@link #LOCK_TIMEOUT}
     */
    <T> T locked(String key, Supplier<T> work);

    /** How long a caller waits for a lock. A lock also expires after this time if its instance has crashed. */
    Duration LOCK_TIMEOUT = Duration.ofSeconds(15);
}
