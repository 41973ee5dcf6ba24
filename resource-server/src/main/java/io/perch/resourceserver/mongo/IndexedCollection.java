package io.perch.resourceserver.mongo;

import java.util.List;

/** The owner of a collection: the one class that has its queries, and declares the indexes that they need. */
public interface IndexedCollection {

    /** Returns the collection's name. */
    String collection();

    /** Returns the indexes; those that something waits for come first. */
    List<DeclaredIndex> indexes();
}
