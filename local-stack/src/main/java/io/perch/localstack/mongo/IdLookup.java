package io.perch.localstack.mongo;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the documents of a query that has a condition on {@code _id}. */
final class IdLookup {

    private IdLookup() {}

    /**
     * The positions of all documents whose {@code _id} is in the query. Null if the query has no condition on
     * {@code _id}.
     */
    static @Nullable List<Object> positions(Conditions conditions, IdIndex index) {
        var ids = conditions.values("_id");
        if (ids == null || ids.stream().anyMatch(Objects::isNull)) {
            return null;
        }
        return ids.stream()
                .map(index::position)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }
}
