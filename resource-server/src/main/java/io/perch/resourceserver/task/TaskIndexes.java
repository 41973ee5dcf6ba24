package io.perch.resourceserver.task;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.data.domain.Sort.Direction;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.index.Index;
import org.springframework.stereotype.Component;

/** Makes the indexes that the task queries need. */
@Component
class TaskIndexes {

    private final MongoOperations mongo;

    TaskIndexes(MongoOperations mongo) {
        this.mongo = mongo;
    }

    @EventListener(ApplicationStartedEvent.class)
    void ensure() {
        var indexes = mongo.indexOps(Task.class);
        indexes.createIndex(new Index()
                .named("newest_first")
                .on("userId", Direction.ASC)
                .on("createdAt", Direction.DESC)
                .on("id", Direction.DESC));
        indexes.createIndex(new Index()
                .named("by_status")
                .on("status", Direction.ASC)
                .on("createdAt", Direction.DESC)
                .on("id", Direction.DESC));
        indexes.createIndex(new Index().named("due").on("dueAt", Direction.ASC));
    }
}
