package io.perch.resourceserver.audit;

import io.perch.resourceserver.mongo.DeclaredIndex;
import io.perch.resourceserver.mongo.IndexedCollection;
import java.util.List;
import org.springframework.stereotype.Component;

/** The indexes for the queries of {@link AuditStore}. */
@Component
class AuditIndexes implements IndexedCollection {

    @Override
    public String collection() {
        return "audit";
    }

    @Override
    public List<DeclaredIndex> indexes() {
        return List.of(
                DeclaredIndex.of("newest_first", "-created_at", "-_id"),
                DeclaredIndex.of("by_user", "user_id", "-created_at", "-_id"),
                DeclaredIndex.of("by_actor", "actor_id", "-created_at", "-_id"),
                DeclaredIndex.of("by_action", "action", "-created_at", "-_id"));
    }
}
