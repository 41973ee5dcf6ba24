package io.perch.resourceserver.task;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.web.PageCursor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Sort;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.stereotype.Component;

/** Reads how tasks stand, for those who tell their owners. */
@Component
public class TaskReader {

    private static final Sort LAST_CHANGED_FIRST = Sort.by(Sort.Direction.DESC, "updatedAt", "id");

    private final MongoOperations mongo;

    TaskReader(MongoOperations mongo) {
        this.mongo = mongo;
    }

    /** Returns a task, or empty where the user has none with this id. */
    public Optional<TaskNews> find(String userId, String taskId) {
        Query own = query(where("id").is(taskId).and("userId").is(userId));
        return Optional.ofNullable(mongo.findOne(own, Task.class)).map(TaskReader::news);
    }

    /**
     * Returns a user's newest tasks.
     *
     * @return at most {@code limit} of them, in the order of their last change
     */
    public List<TaskNews> newest(String userId, int limit) {
        Query newest =
                query(where("userId").is(userId)).with(PageCursor.NEWEST_FIRST).limit(limit);
        List<Task> tasks = new ArrayList<>(mongo.find(newest, Task.class));
        tasks.sort((a, b) -> a.updatedAt().compareTo(b.updatedAt()));
        return tasks.stream().map(TaskReader::news).toList();
    }

    /**
     * Returns a user's tasks that changed at some time or later, which the index by user narrows down well enough.
     *
     * @return at most {@code limit} of them, those that changed last, in the order of their last change
     */
    public List<TaskNews> changedSince(String userId, Instant since, int limit) {
        Query changed = query(where("userId").is(userId).and("updatedAt").gte(since))
                .with(LAST_CHANGED_FIRST)
                .limit(limit);
        List<Task> tasks = new ArrayList<>(mongo.find(changed, Task.class));
        Collections.reverse(tasks);
        return tasks.stream().map(TaskReader::news).toList();
    }

    /** Returns the tasks with these ids that there are, whoever owns them, in no order. */
    public List<TaskNews> findAll(Collection<String> taskIds) {
        return mongo.find(query(where("id").in(taskIds)), Task.class).stream()
                .map(TaskReader::news)
                .toList();
    }

    private static TaskNews news(Task task) {
        return new TaskChanged(task).news();
    }
}
