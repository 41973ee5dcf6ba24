package io.perch.resourceserver.task;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/**
 * Sees to it that of all instances one logs in to an account at a time. A lease is a document with the account as its
 * id: whoever inserts it holds it. Who comes too late leaves the task's id there, and is called when the lease ends.
 */
@Component
class AccountLeases {

    private static final int TRIES = 5;

    /**
     * A lease.
     *
     * @param id the account
     * @param holder the attempt that it was given to
     * @param owner the instance that runs the attempt
     * @param until when it ends, unless it is renewed
     * @param waiting the tasks to call when it ends; null where there is none
     */
    @Document("account_leases")
    record Lease(
            @Id String id,
            String holder,
            String owner,
            Instant until,
            @Nullable List<String> waiting) {}

    private final MongoOperations mongo;
    private final TaskProperties properties;
    private final InstantSource time;

    AccountLeases(MongoOperations mongo, TaskProperties properties, DatabaseTime time) {
        this.mongo = mongo;
        this.properties = properties;
        this.time = time;
    }

    /**
     * Takes an account for one attempt of a task. An attempt that has it already gets it again.
     *
     * @return whether it was to be had; where not, the task will be called by whoever has it
     */
    boolean acquire(Task task, int attempt, String instance) {
        for (int i = 0; i < TRIES; i++) {
            if (take(task, attempt, instance)) {
                return true;
            }
            if (queue(task)) {
                return false;
            }
            // Released in between: have another go.
        }
        return false;
    }

    /**
     * Gives an account back. Does nothing where the attempt has it no more.
     *
     * @return the tasks that wait for the account
     */
    List<String> release(Task task, int attempt) {
        var held = where("id").is(task.twitterUserId()).and("holder").is(holder(task.id(), attempt));
        Lease released = mongo.findAndRemove(query(held), Lease.class);
        return released == null || released.waiting() == null ? List.of() : released.waiting();
    }

    /**
     * Renews the leases of running tasks.
     *
     * @return the tasks whose account is still theirs
     */
    List<Task> renew(Collection<Task> running, String instance) {
        Set<String> accounts = running.stream().map(Task::twitterUserId).collect(Collectors.toSet());
        var held = query(where("id").in(accounts).and("owner").is(instance));
        mongo.updateMulti(held, Update.update("until", end()), Lease.class);
        Set<String> holders =
                mongo.find(held, Lease.class).stream().map(Lease::holder).collect(Collectors.toSet());
        return running.stream()
                .filter(task -> holders.contains(holder(task.id(), task.attempt())))
                .toList();
    }

    private boolean take(Task task, int attempt, String instance) {
        String holder = holder(task.id(), attempt);
        Criteria free = where("id")
                .is(task.twitterUserId())
                .orOperator(where("until").lte(time.instant()), where("holder").is(holder));
        Update update = Update.update("holder", holder).set("owner", instance).set("until", end());
        try {
            mongo.upsert(query(free), update, Lease.class);
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    private boolean queue(Task task) {
        return mongo.updateFirst(
                                query(where("id").is(task.twitterUserId())),
                                new Update().addToSet("waiting", task.id()),
                                Lease.class)
                        .getMatchedCount()
                > 0;
    }

    private Instant end() {
        return time.instant().plus(properties.lease());
    }

    private static String holder(String taskId, int attempt) {
        return taskId + "#" + attempt;
    }
}
