package io.perch.resourceserver.mongo;

import java.util.List;

/** A collection. Declares the indexes that its queries need. */
public interface IndexedCollection {

    /** Returns the collection's name. */
    String collection();

    /** Returns the indexes. Those that other components wait for come first. */
    List<DeclaredIndex> indexes();
}
