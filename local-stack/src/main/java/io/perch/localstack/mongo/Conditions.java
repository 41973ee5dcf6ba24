package io.perch.localstack.mongo;

import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.Document;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a query, by field. They are read from the top level of the query and from each {@code $and}.
 *
 * <p>Only conditions that an index can use are read. The matcher checks all others ({@code $or}, {@code $expr}, unknown
 * operators).
 */
final class Conditions {

    /** One condition of a field: {@code $eq}, {@code $in}, a range operator, {@code $exists} or {@code $ne}. */
    record Condition(String operator, @Nullable Object operand) {}

    private final Map<String, List<Condition>> fields = new LinkedHashMap<>();

    private Conditions() {}

    static Conditions of(Document query) {
        var conditions = new Conditions();
        conditions.read(query);
        return conditions;
    }

    private void read(Document query) {
        query.forEach((key, value) -> {
            if (key.equals("$and") && value instanceof Collection<?> parts) {
                for (var part : parts) {
                    if (part instanceof Document document) {
                        read(document);
                    }
                }
            } else if (!key.startsWith("$")) {
                read(fields.computeIfAbsent(key, field -> new ArrayList<>()), value);
            }
        });
    }

    private static void read(List<Condition> conditions, @Nullable Object value) {
        if (value != null && BsonRegularExpression.isRegularExpression(value)) {
            return;
        }
        if (value instanceof Document document && document.keySet().stream().anyMatch(key -> key.startsWith("$"))) {
            document.forEach((operator, operand) -> conditions.add(new Condition(operator, operand)));
        } else {
            conditions.add(new Condition("$eq", value));
        }
    }

    List<Condition> of(String field) {
        return fields.getOrDefault(field, List.of());
    }

    /**
     * The values of the first {@code $eq} or {@code $in} of the field; the field must have one of them. Null if there
     * is none.
     */
    @Nullable
    List<@Nullable Object> values(String field) {
        for (var condition : of(field)) {
            List<@Nullable Object> values = null;
            if (condition.operator().equals("$eq")) {
                values = new ArrayList<>();
                values.add(condition.operand());
            } else if (condition.operator().equals("$in") && condition.operand() instanceof Collection<?> collection) {
                values = new ArrayList<>(collection);
            }
            if (values != null && values.stream().allMatch(Conditions::isPlain)) {
                return values;
            }
        }
        return null;
    }

    /**
     * Whether an index can find this value. An array also matches by its elements, and a regular expression matches
     * many strings.
     */
    private static boolean isPlain(@Nullable Object value) {
        return value == null || !(value instanceof Collection || BsonRegularExpression.isRegularExpression(value));
    }
}
