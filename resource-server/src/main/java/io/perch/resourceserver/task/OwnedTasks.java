package io.perch.resourceserver.task;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.task.TaskStore.Move;
import java.util.Collection;
import java.util.Optional;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/** All of a user's tasks, for those who see to it that a deleted user leaves none. */
@Component
public class OwnedTasks {

    private final MongoOperations mongo;
    private final TaskStore store;

    OwnedTasks(MongoOperations mongo, TaskStore store) {
        this.mongo = mongo;
        this.store = store;
    }

    /** Returns how many tasks a user has, in whatever state. */
    public long count(String userId) {
        return mongo.count(all(userId), Task.class);
    }

    /**
     * Deletes a user's tasks, with whatever is sealed in them. Those that are not final are cancelled first, so that whoever
     * runs one of them stops, and whatever it still brings is dropped.
     */
    public void deleteAll(String userId) {
        Query open = query(where("userId").is(userId).and("dueAt").ne(null));
        mongo.find(open, Task.class).forEach(this::cancel);
        mongo.remove(all(userId), Task.class);
    }

    /** Deletes the leases of accounts that are gone. */
    public void deleteLeases(Collection<String> accountIds) {
        if (!accountIds.isEmpty()) {
            mongo.remove(query(where("id").in(accountIds)), AccountLeases.Lease.class);
        }
    }

    /** Cancels a task in whatever state it is by now. */
    private void cancel(Task task) {
        Optional<Task> found = Optional.of(task);
        while (found.isPresent() && !found.get().status().isFinal()) {
            Task current = found.get();
            Move move = new Move(TaskStatus.CANCELLED, current.attempt(), "user_deleted");
            if (store.move(current, move, new Update()).isPresent()) {
                return;
            }
            found = store.find(task.id());
        }
    }

    private static Query all(String userId) {
        return query(where("userId").is(userId));
    }
}
