package io.perch.console.store;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Short texts by key, each for a while, and one lock for each key. */
public interface KeyValueStore {

    /** Stores a value in place of what is there. */
    void put(String key, String value, Duration life);

    /** Returns the value, unless it is missing or its life is over. */
    Optional<String> get(String key);

    /** Returns the value and removes it: of several that take it at once, one gets it. */
    Optional<String> take(String key);

    /** Removes the value, if it is there. */
    void remove(String key);

    /**
     * Does something that nobody does for the same key at the same time, at any instance.
     *
     * @throws StoreUnavailableException if the lock is not free within {@link #LOCK_PATIENCE}
     */
    <T> T locked(String key, Supplier<T> work);

    /** How long a caller waits for a lock, and how long a lock outlives an instance that died with it. */
    Duration LOCK_PATIENCE = Duration.ofSeconds(15);
}
