package io.perch.resourceserver.account;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.data.domain.Sort.Direction;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.index.Index;
import org.springframework.stereotype.Component;

/** Makes the index that the account queries need. */
@Component
class AccountIndexes {

    private final MongoOperations mongo;

    AccountIndexes(MongoOperations mongo) {
        this.mongo = mongo;
    }

    @EventListener(ApplicationStartedEvent.class)
    void ensure() {
        mongo.indexOps(StoredAccount.class)
                .createIndex(new Index()
                        .named("newest_first")
                        .on("userId", Direction.ASC)
                        .on("createdAt", Direction.DESC)
                        .on("id", Direction.DESC));
    }
}
