package io.perch.keycloak.legacy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The times that hashes take in this process: for each the shortest that was seen, so that other load does not count. */
final class HashTimes {

    private static final int FIRST_COMPUTATIONS = 3;

    private final ConcurrentMap<String, Long> nanos = new ConcurrentHashMap<>();

    /** Computes a hash and measures its time. */
    void compute(String hash, Runnable computation) {
        long start = System.nanoTime();
        computation.run();
        nanos.merge(hash, System.nanoTime() - start, Math::min);
    }

    /** The time in nanoseconds. If it was never measured, the hash is computed some times now. */
    long of(String hash, Runnable computation) {
        if (!nanos.containsKey(hash)) {
            for (int i = 0; i < FIRST_COMPUTATIONS; i++) {
                compute(hash, computation);
            }
        }
        return nanos.getOrDefault(hash, 0L);
    }
}
