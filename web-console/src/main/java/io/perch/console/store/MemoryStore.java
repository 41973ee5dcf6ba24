package io.perch.console.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** The store of a single instance. Its data are lost when the process ends. */
final class MemoryStore implements KeyValueStore {

    /** Limits the memory. Only a sign-in at Keycloak makes an entry. */
    private static final long MAX_ENTRIES = 200_000;

    private record Entry(String value, Duration life) {}

    private final Cache<String, Entry> entries = Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .expireAfter(Expiry.<String, Entry>writing((key, entry) -> entry.life()))
            .build();

    private final LocalLocks locks = new LocalLocks();

    @Override
    public void put(String key, String value, Duration life) {
        entries.put(key, new Entry(value, life));
    }

    @Override
    public Optional<String> get(String key) {
        return Optional.ofNullable(entries.getIfPresent(key)).map(Entry::value);
    }

    @Override
    public void remove(String key) {
        entries.invalidate(key);
    }

    @Override
    public <T> T locked(String key, Supplier<T> work) {
        return locks.locked(key, work);
    }
}
