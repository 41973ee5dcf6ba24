package io.perch.resourceserver.user;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.data.domain.Sort.Direction;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.index.Index;
import org.springframework.stereotype.Component;

/** Makes the indexes that the user queries need. */
@Component
class UserIndexes {

    private final MongoOperations mongo;

    UserIndexes(MongoOperations mongo) {
        this.mongo = mongo;
    }

    @EventListener(ApplicationStartedEvent.class)
    void ensure() {
        var indexes = mongo.indexOps(StoredUser.class);
        indexes.createIndex(new Index()
                .named("newest_first")
                .on("createdAt", Direction.DESC)
                .on("id", Direction.DESC));
        indexes.createIndex(new Index().named("by_search").on("search", Direction.ASC));
        mongo.indexOps(Tombstone.class)
                .createIndex(new Index()
                        .named("revisits")
                        .on("revisitAt", Direction.ASC)
                        .sparse());
    }
}
