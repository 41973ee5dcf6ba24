package io.perch.console.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** The store of a console that runs alone. What it has is gone with the process. */
final class MemoryStore implements KeyValueStore {

    /** Bounds the memory: anybody can begin to sign in. */
    private static final long MOST_ENTRIES = 200_000;

    private record Entry(String value, Duration life) {}

    private final Cache<String, Entry> entries = Caffeine.newBuilder()
            .maximumSize(MOST_ENTRIES)
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
    public Optional<String> take(String key) {
        return Optional.ofNullable(entries.asMap().remove(key)).map(Entry::value);
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
