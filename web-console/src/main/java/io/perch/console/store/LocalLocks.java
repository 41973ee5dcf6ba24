package io.perch.console.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Locks within one instance. Two keys may share a lock; then one caller waits longer. */
final class LocalLocks {

    private static final int COUNT = 256;

    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(COUNT).toArray(ReentrantLock[]::new);

    <T> T locked(String key, Supplier<T> work) {
        ReentrantLock lock = locks[Math.floorMod(key.hashCode(), COUNT)];
        try {
            if (!lock.tryLock(KeyValueStore.LOCK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StoreUnavailableException("A lock was not free in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("The wait for a lock was interrupted");
        }
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
