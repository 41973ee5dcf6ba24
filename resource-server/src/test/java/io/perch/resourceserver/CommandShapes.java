package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import io.perch.resourceserver.mongo.DeclaredIndex;
import io.perch.resourceserver.mongo.IndexedCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Collects the commands that the servers under test send to MongoDB, and compares them with the declared indexes. A
 * filter must contain {@code _id} or the first field of an index. A sort must have the order of an index. An update of
 * a task must contain {@code _id} and {@code user_id}. The embedded databases cannot explain query plans, so this test
 * replaces them. Every command must have a time limit, and every write must wait for a majority of the members.
 */
final class CommandShapes implements CommandListener {

    /** A shape of a query. */
    private record Shape(
            String command,
            String collection,
            @Nullable BsonDocument filter,
            @Nullable BsonDocument sort) {}

    private static final BsonString MAJORITY = new BsonString("majority");

    private static final Set<Shape> SEEN = ConcurrentHashMap.newKeySet();
    private static final Set<String> UNLIMITED = ConcurrentHashMap.newKeySet();

    /** Collections that are read only at the start, or only by tests. */
    private static final Set<String> NOT_OURS = Set.of("account_leases");

    @Override
    public void commandStarted(CommandStartedEvent event) {
        String thread = Thread.currentThread().getName();
        if (thread.equals("main") || thread.startsWith("awaitility")) {
            // Queries of the tests
            return;
        }
        BsonDocument command = event.getCommand();
        String name = event.getCommandName();
        if (!Set.of("find", "insert", "update", "delete", "findAndModify", "aggregate", "count")
                .contains(name)) {
            return;
        }
        String collection = command.getString(name, new BsonString("")).getValue();
        checkLimits(name, collection, command);
        switch (name) {
            case "find" -> add(name, collection, command.get("filter"), command.get("sort"));
            case "findAndModify" -> add(name, collection, command.get("query"), command.get("sort"));
            case "count" -> add(name, collection, command.get("query"), null);
            case "insert" -> {
                // It has no filter
            }
            case "update" ->
                command.getArray("updates", new BsonArray())
                        .forEach(update ->
                                add(name, collection, update.asDocument().get("q"), null));
            case "delete" ->
                command.getArray("deletes", new BsonArray())
                        .forEach(delete ->
                                add(name, collection, delete.asDocument().get("q"), null));
            default ->
                command.getArray("pipeline", new BsonArray()).stream()
                        .map(stage -> stage.asDocument().get("$match"))
                        .filter(Objects::nonNull)
                        .forEach(match -> add(name, collection, match, null));
        }
    }

    /** Every command has a time limit, and every write waits for a majority of the members. */
    private static void checkLimits(String name, String collection, BsonDocument command) {
        if (collection.startsWith("perch_index_probe_")) {
            // The creation of indexes has no time limit
            return;
        }
        if (!command.containsKey("maxTimeMS")) {
            UNLIMITED.add(name + " has no maxTimeMS: " + shape(command));
        }
        boolean isWrite = Set.of("insert", "update", "delete", "findAndModify").contains(name);
        if (isWrite
                && !MAJORITY.equals(
                        command.getDocument("writeConcern", new BsonDocument()).get("w"))) {
            UNLIMITED.add(name + " does not wait for a majority: " + shape(command));
        }
    }

    private static void add(String name, String collection, @Nullable BsonValue filter, @Nullable BsonValue sort) {
        SEEN.add(new Shape(
                name,
                collection,
                filter == null ? null : shape(filter).asDocument(),
                sort == null ? null : shape(sort).asDocument()));
    }

    /** Removes the values. Queries that differ only in values have the same shape. */
    private static BsonValue shape(BsonValue value) {
        if (value.isDocument()) {
            BsonDocument shaped = new BsonDocument();
            value.asDocument().forEach((key, each) -> shaped.append(key, shape(each)));
            return shaped;
        }
        if (value.isArray()) {
            BsonArray shaped = new BsonArray();
            value.asArray().stream().map(CommandShapes::shape).distinct().forEach(shaped::add);
            return shaped;
        }
        return BsonNull.VALUE;
    }

    private static List<String> problems(Collection<IndexedCollection> owners) {
        List<String> problems = new ArrayList<>(UNLIMITED);
        for (Shape shape : SEEN) {
            if (NOT_OURS.contains(shape.collection())) {
                continue;
            }
            owners.stream()
                    .filter(owner -> owner.collection().equals(shape.collection()))
                    .findFirst()
                    .ifPresentOrElse(
                            owner -> check(shape, owner.indexes(), problems),
                            () -> problems.add("no owner declares indexes: " + shape));
        }
        return problems;
    }

    private static void check(Shape shape, List<DeclaredIndex> indexes, List<String> problems) {
        if (shape.filter() != null
                && shape.filter().containsKey("$or")
                && shape.filter().size() == 1) {
            // Each alternative uses its own index
            shape.filter()
                    .getArray("$or")
                    .forEach(alternative -> check(
                            new Shape(shape.command(), shape.collection(), alternative.asDocument(), shape.sort()),
                            indexes,
                            problems));
            return;
        }
        Set<String> fields = fields(shape.filter());
        boolean changes = Set.of("update", "delete", "findAndModify").contains(shape.command());
        if (changes && shape.collection().equals("task_statuses") && !fields.containsAll(Set.of("_id", "user_id"))) {
            problems.add("a change of a task names _id and user_id: " + shape);
        }
        if (fields.contains("_id")) {
            return;
        }
        List<String> sort =
                shape.sort() == null ? List.of() : List.copyOf(shape.sort().keySet());
        boolean served = indexes.stream()
                .anyMatch(index -> serves(List.copyOf(index.keys().keySet()), fields, sort));
        if (!served) {
            problems.add("no declared index serves: " + shape);
        }
    }

    /**
     * Whether an index can be used. The filter contains its first field, or the sort has the order of the fields after
     * those in the filter.
     */
    private static boolean serves(List<String> index, Set<String> fields, List<String> sort) {
        boolean filtered = fields.contains(index.get(0));
        if (sort.isEmpty()) {
            return filtered;
        }
        int at = index.indexOf(sort.get(0));
        return at >= 0
                && fields.containsAll(index.subList(0, at))
                && at + sort.size() <= index.size()
                && index.subList(at, at + sort.size()).equals(sort);
    }

    private static Set<String> fields(@Nullable BsonDocument filter) {
        Set<String> fields = new TreeSet<>();
        if (filter != null) {
            for (Map.Entry<String, BsonValue> entry : filter.entrySet()) {
                if (entry.getKey().equals("$and")) {
                    entry.getValue().asArray().forEach(each -> fields.addAll(fields(each.asDocument())));
                } else {
                    fields.add(entry.getKey());
                }
            }
        }
        return fields;
    }

    /** Fails a test class if there is a query without an index. */
    static final class Check implements AfterAllCallback {

        @Override
        public void afterAll(ExtensionContext extension) {
            ApplicationContext context = SpringExtension.getApplicationContext(extension);
            Collection<IndexedCollection> owners =
                    context.getBeansOfType(IndexedCollection.class).values();
            assertThat(Stream.of(problems(owners)).flatMap(List::stream)).isEmpty();
        }
    }
}
