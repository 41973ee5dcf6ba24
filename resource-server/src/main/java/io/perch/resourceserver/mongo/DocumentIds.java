package io.perch.resourceserver.mongo;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochRandomGenerator;

/**
 * IDs of new documents: UUIDs of version 7 (RFC 9562 section 5.7). They begin with the time, so the documents of one moment are
 * next to each other in the index on {@code _id}. With random IDs each insert changes another page of that index, and a large
 * collection becomes slow.
 */
public final class DocumentIds {

    private static final TimeBasedEpochRandomGenerator GENERATOR = Generators.timeBasedEpochRandomGenerator();

    private DocumentIds() {}

    /** Returns a new ID. It shows the time in milliseconds. The other 74 bits are random, so it cannot be guessed. */
    public static String next() {
        return GENERATOR.generate().toString();
    }
}
