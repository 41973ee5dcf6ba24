package io.perch.resourceserver.task;

import static io.perch.resourceserver.task.TaskDocument.ACTS;
import static io.perch.resourceserver.task.TaskDocument.FINGERPRINT;
import static io.perch.resourceserver.task.TaskDocument.FORGET_AT;
import static io.perch.resourceserver.task.TaskDocument.HISTORY;

import io.perch.resourceserver.acts.Act;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bson.Document;

/**
 * Creates the update from one version of a task to another. Only differences are written; list elements are added or removed one
 * by one.
 */
final class TaskUpdate {

    private TaskUpdate() {}

    static Document of(Task from, Task to) {
        Document before = TaskDocument.write(from);
        Document after = TaskDocument.write(to);
        Document set = new Document();
        Document unset = new Document();
        after.forEach((name, value) -> {
            if (!name.equals(HISTORY) && !name.equals(ACTS) && !Objects.equals(value, before.get(name))) {
                set.append(name, value);
            }
        });
        before.keySet().forEach(name -> {
            if (!name.equals(ACTS) && !after.containsKey(name)) {
                unset.append(name, "");
            }
        });
        Document push = new Document();
        int known = from.history().size();
        if (to.history().size() > known) {
            push.append(
                    HISTORY,
                    each(to.history().subList(known, to.history().size()).stream()
                            .map(TaskDocument::transition)
                            .toList()));
        }
        List<Act> added = new ArrayList<>(to.acts());
        added.removeAll(from.acts());
        if (!added.isEmpty()) {
            push.append(ACTS, each(added.stream().map(Act::document).toList()));
        }
        Document pull = new Document();
        List<Act> removed = new ArrayList<>(from.acts());
        removed.removeAll(to.acts());
        if (!removed.isEmpty()) {
            pull.append(ACTS, withIds(removed.stream().map(Act::id).toList()));
        }
        Document update = new Document();
        append(update, "$set", set);
        append(update, "$unset", unset);
        append(update, "$push", push);
        append(update, "$pull", pull);
        return update;
    }

    /** The update that removes the fingerprint of a task's request. */
    static Document withoutFingerprint() {
        return new Document("$unset", new Document(FINGERPRINT, "").append(FORGET_AT, ""));
    }

    static Document withIds(List<String> actIds) {
        return new Document("id", new Document("$in", actIds));
    }

    private static Document each(List<Document> documents) {
        return new Document("$each", documents);
    }

    private static void append(Document update, String operator, Document fields) {
        if (!fields.isEmpty()) {
            update.append(operator, fields);
        }
    }
}
