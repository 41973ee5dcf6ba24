package io.perch.resourceserver.user;

import io.perch.resourceserver.mongo.DeclaredIndex;
import io.perch.resourceserver.mongo.IndexedCollection;
import java.util.List;
import org.springframework.stereotype.Component;

/** The indexes for the queries of {@link Users} and {@link Tombstones}. */
@Component
class UserIndexes implements IndexedCollection {

    @Override
    public String collection() {
        return "users";
    }

    @Override
    public List<DeclaredIndex> indexes() {
        return List.of(
                DeclaredIndex.of("newest_first", "-created_at", "-_id"),
                DeclaredIndex.of("by_search", "search"),
                DeclaredIndex.sparse("revisits", "revisit_at"));
    }
}
