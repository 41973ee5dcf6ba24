package io.perch.resourceserver.task;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static io.perch.resourceserver.task.TaskCollection.byKey;
import static io.perch.resourceserver.task.TaskCollection.byKeys;
import static io.perch.resourceserver.task.TaskCollection.date;
import static io.perch.resourceserver.task.TaskCollection.unchanged;
import static io.perch.resourceserver.task.TaskDocument.ACTS;
import static io.perch.resourceserver.task.TaskDocument.DUE_AT;
import static io.perch.resourceserver.task.TaskDocument.FORGET_AT;
import static io.perch.resourceserver.task.TaskDocument.ID;
import static io.perch.resourceserver.task.TaskDocument.SEALED_CODE;

import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOneModel;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Stores new tasks, finds tasks by their keys, and stores what changed in a task that was read before. */
@Component
class TaskRepository {

    private static final FindOneAndUpdateOptions RETURN_NEW =
            new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);

    private final TaskCollection collection;

    TaskRepository(TaskCollection collection) {
        this.collection = collection;
    }

    /**
     * Stores a new task.
     *
     * @param forgetAt when its fingerprint is to be removed; null if it has none
     * @throws org.springframework.dao.DuplicateKeyException if the ID exists
     */
    void insert(Task task, @Nullable Instant forgetAt) {
        Document document = TaskDocument.write(task);
        if (forgetAt != null) {
            document.append(FORGET_AT, Date.from(forgetAt));
        }
        collection.run(tasks -> tasks.insertOne(document));
    }

    /** Finds a task of a user. */
    Optional<Task> find(TaskKey key) {
        return findOne(byKey(key));
    }

    /** Finds a task of any user. On a sharded cluster this queries every shard. */
    Optional<Task> findById(String taskId) {
        return findOne(eq(ID, taskId));
    }

    private Optional<Task> findOne(Bson filter) {
        return collection
                .call(tasks -> Optional.ofNullable(tasks.find(filter).first()))
                .flatMap(TaskCollection::readable);
    }

    /** Finds tasks, in no order. Unreadable ones are left out. */
    List<Task> findAll(Collection<TaskKey> keys) {
        return keys.isEmpty() ? List.of() : collection.read(tasks -> tasks.find(byKeys(keys)));
    }

    /**
     * Replaces a task if its state, attempt and claim are unchanged since it was read.
     *
     * @return the stored task; empty if it had changed
     */
    Optional<Task> replace(Task from, Task to) {
        return replace(from, to, new Document());
    }

    /** Like {@link #replace(Task, Task)}, but only if the challenge has no code yet and has not expired. */
    Optional<Task> replaceUnanswered(Task from, Task to, Instant now) {
        return replace(from, to, and(exists(SEALED_CODE, false), gt("challenge.expires_at", Date.from(now))));
    }

    /** Like {@link #replace(Task, Task)}, but only if its due time is unchanged: every other change sets another due time. */
    Optional<Task> replaceWhileDue(Task from, Task to) {
        return replace(from, to, eq(DUE_AT, date(from.dueAt())));
    }

    private Optional<Task> replace(Task from, Task to, Bson more) {
        return collection
                .call(tasks -> Optional.ofNullable(
                        tasks.findOneAndUpdate(and(unchanged(from), more), TaskUpdate.of(from, to), RETURN_NEW)))
                .flatMap(TaskCollection::readable);
    }

    /** A task before and after its attempt ended. */
    record Replacement(Task from, Task to) {}

    /**
     * Replaces many tasks, each if its state, attempt and claim are unchanged since it was read.
     *
     * @return how many were replaced; if fewer than requested, {@link #findAll} shows which
     */
    int replaceAll(List<Replacement> replacements) {
        return collection
                .bulk(replacements.stream()
                        .map(task -> new UpdateOneModel<Document>(
                                unchanged(task.from()), TaskUpdate.of(task.from(), task.to())))
                        .toList())
                .matched();
    }

    /** Removes acts that are now in the audit log. If a final task has nothing else left to do, its due time is removed too. */
    void removeActs(Task task) {
        Document update = new Document(
                "$pull",
                new Document(
                        ACTS,
                        TaskUpdate.withIds(
                                task.acts().stream().map(act -> act.id()).toList())));
        if (task.status().isFinal() && task.lease() == null) {
            // Another act sets another due time
            collection.run(tasks -> {
                Document done = new Document(update).append("$unset", new Document(DUE_AT, ""));
                Bson unchanged = and(unchanged(task), eq(DUE_AT, date(task.dueAt())));
                if (tasks.updateOne(unchanged, done).getMatchedCount() == 0) {
                    tasks.updateOne(byKey(task.key()), update);
                }
            });
        } else {
            collection.run(tasks -> tasks.updateOne(byKey(task.key()), update));
        }
    }
}
