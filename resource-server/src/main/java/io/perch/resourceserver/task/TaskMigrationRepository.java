package io.perch.resourceserver.task;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static io.perch.resourceserver.task.TaskCollection.byKey;
import static io.perch.resourceserver.task.TaskDocument.CREATED_AT;
import static io.perch.resourceserver.task.TaskDocument.DUE_AT;
import static io.perch.resourceserver.task.TaskDocument.ID;
import static io.perch.resourceserver.task.TaskDocument.SECRETS;
import static io.perch.resourceserver.task.TaskDocument.USER_ID;
import static io.perch.resourceserver.task.TaskDocument.VERSION;

import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import io.perch.resourceserver.account.SealedCredentials;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.springframework.stereotype.Component;

/** Reads and changes the documents of all users: to seal credentials with a new key, and to convert the old service's tasks. */
@Component
class TaskMigrationRepository {

    /** The documents of the old service. */
    private static final Bson OLD_DOCUMENT = and(eq(CREATED_AT, null), eq(VERSION, null));

    private final TaskCollection collection;

    TaskMigrationRepository(TaskCollection collection) {
        this.collection = collection;
    }

    /** Reads every open task with credentials. Has no time limit. */
    void readAllWithCredentials(Consumer<Task> reader) {
        collection.run(tasks -> tasks.withTimeout(0, TimeUnit.MILLISECONDS)
                .find(and(exists(DUE_AT), exists(SECRETS)))
                .sort(Sorts.ascending(DUE_AT))
                .forEach(document -> TaskCollection.readable(document).ifPresent(reader)));
    }

    /** Replaces a task's credentials if they are unchanged since they were read. */
    boolean reseal(Task task, SealedCredentials before, SealedCredentials after) {
        return collection.call(tasks -> tasks.updateOne(
                                and(byKey(task.key()), eq(SECRETS, before.document())),
                                new Document("$set", new Document(SECRETS, after.document())))
                        .getModifiedCount()
                > 0);
    }

    /** Counts documents of the old service, up to a limit. They have no creation time. */
    long countOldDocuments(int limit) {
        return collection.call(tasks -> tasks.countDocuments(OLD_DOCUMENT, new CountOptions().limit(limit)));
    }

    /** Reads every document of the old service. Has no time limit. */
    void readOldDocuments(Consumer<Document> reader) {
        collection.run(tasks ->
                tasks.withTimeout(0, TimeUnit.MILLISECONDS).find(OLD_DOCUMENT).forEach(reader));
    }

    /** Replaces a document of the old service with a task. If this is interrupted, another call completes it. */
    void adopt(Document old, Task task) {
        collection.run(tasks -> tasks.replaceOne(
                and(eq(ID, task.id()), eq(USER_ID, task.userId())),
                TaskDocument.write(task),
                new ReplaceOptions().upsert(true)));
        if (!task.id().equals(old.get(ID))) {
            collection.run(
                    tasks -> tasks.deleteOne(and(eq(ID, old.get(ID)), eq(USER_ID, old.get(USER_ID)), OLD_DOCUMENT)));
        }
    }
}
