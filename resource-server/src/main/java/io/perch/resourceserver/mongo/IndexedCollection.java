package io.perch.resourceserver.mongo;

import java.util.List;

/** The single class with a collection's queries. It declares the indexes that they need. */
public interface IndexedCollection {

    /** Returns the collection's name. */
    String collection();

    /** Returns the indexes. Those that other components wait for come first. */
    List<DeclaredIndex> indexes();
}
