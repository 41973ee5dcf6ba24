package io.perch.localstack.mongo;

import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.bson.Document;
import io.perch.localstack.mongo.Conditions.Condition;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the part of an index that a query needs. The first fields of the index have one value each; the next field has
 * a range or a list of values.
 *
 * @param ranges the parts to read, in this order
 * @param reverse whether to read backwards
 * @param sorted whether the documents come in the query's sort order
 */
record IndexScan(OrderedIndex index, List<Range> ranges, boolean reverse, boolean sorted, int worth) {

    private static final int WORTH_OF_EQUAL_FIELD = 10;
    private static final int WORTH_OF_ORDER = 7;
    private static final int WORTH_OF_RANGE = 5;

    /** Keys from {@code from} (inclusive) to {@code before} (exclusive). */
    static final class Range {

        private final byte[] from;
        private final byte[] before;

        Range(byte[] from, byte[] before) {
            this.from = from;
            this.before = before;
        }
    }

    /** The best scan for the query, or empty if no index helps. */
    static Optional<IndexScan> best(
            List<OrderedIndex> indexes, Conditions conditions, @Nullable Document orderBy, boolean limited) {
        return indexes.stream()
                .map(index -> of(index, conditions, orderBy, limited))
                .flatMap(Optional::stream)
                .max(Comparator.comparingInt(IndexScan::worth))
                .filter(scan -> scan.index().isUsable());
    }

    private static Optional<IndexScan> of(
            OrderedIndex index, Conditions conditions, @Nullable Document orderBy, boolean limited) {
        boolean sparse = index.skipsDocumentsWithoutFields();
        var keys = index.getKeys();
        var prefix = new KeyBytes();
        int equal = 0;
        while (equal < keys.size()) {
            var values = conditions.values(keys.get(equal).getKey());
            if (values == null || values.size() != 1 || !isUsable(values.get(0), sparse)) {
                break;
            }
            prefix.add(values.get(0), keys.get(equal).isAscending());
            equal++;
        }
        var order = order(keys.subList(0, equal), keys.subList(equal, keys.size()), orderBy, index.isUnique());
        boolean ordered = order != null && limited;

        var ranges = equal < keys.size()
                ? ranges(prefix.toByteArray(), keys.get(equal), conditions, sparse, ordered)
                : List.<Range>of();
        boolean narrowed = !ranges.isEmpty();
        if (!narrowed) {
            var start = prefix.toByteArray();
            ranges = List.of(new Range(start, equal == 0 ? new byte[] {(byte) 0xFF} : KeyBytes.after(start)));
        }
        if (sparse && equal == 0 && !narrowed) {
            // Documents that match may be missing in a sparse index
            return Optional.empty();
        }
        int worth = equal * WORTH_OF_EQUAL_FIELD
                + (narrowed ? WORTH_OF_RANGE : 0)
                + (ordered && (orderBy != null) ? WORTH_OF_ORDER : 0);
        if (worth == 0) {
            return Optional.empty();
        }
        return Optional.of(new IndexScan(index, ranges, ordered && Boolean.TRUE.equals(order), ordered, worth));
    }

    private static boolean isUsable(@Nullable Object value, boolean sparse) {
        return KeyBytes.isOrdered(value) && !(sparse && value == null);
    }

    /** Whether the index must be read backwards to get the sort order. Null if the index cannot give that order. */
    private static @Nullable Boolean order(
            List<IndexKey> equal, List<IndexKey> keys, @Nullable Document orderBy, boolean unique) {
        if (orderBy == null || orderBy.isEmpty()) {
            return null;
        }
        Boolean reverse = null;
        int next = 0;
        for (Map.Entry<String, Object> sort : orderBy.entrySet()) {
            if (!(sort.getValue() instanceof Number direction) || sort.getKey().startsWith("$")) {
                return null;
            }
            if (equal.stream().anyMatch(key -> key.getKey().equals(sort.getKey()))) {
                continue;
            }
            boolean indexAscends;
            if (next < keys.size() && keys.get(next).getKey().equals(sort.getKey())) {
                indexAscends = keys.get(next).isAscending();
            } else if (next == keys.size() && sort.getKey().equals("_id") && !unique) {
                indexAscends = true;
            } else {
                return null;
            }
            next++;
            boolean backwards = indexAscends != direction.intValue() > 0;
            if (reverse != null && reverse != backwards) {
                return null;
            }
            reverse = backwards;
        }
        return reverse != null && reverse;
    }

    private static List<Range> ranges(
            byte[] prefix, IndexKey key, Conditions conditions, boolean sparse, boolean ordered) {
        var values = conditions.values(key.getKey());
        if (values != null && values.size() > 1 && !ordered) {
            if (values.stream().allMatch(value -> isUsable(value, sparse))) {
                return values.stream()
                        .map(value -> with(prefix, value, key))
                        .sorted(Arrays::compareUnsigned)
                        .map(start -> new Range(start, KeyBytes.after(start)))
                        .toList();
            }
            return List.of();
        }
        return range(prefix, key, conditions.of(key.getKey()), sparse).stream().toList();
    }

    private static Optional<Range> range(byte[] prefix, IndexKey key, List<Condition> conditions, boolean sparse) {
        Object lower = null;
        Object upper = null;
        boolean exists = false;
        for (var condition : conditions) {
            var operand = condition.operand();
            boolean bound = operand != null && KeyBytes.isOrdered(operand);
            switch (condition.operator()) {
                case "$gt", "$gte" -> lower = lower == null && bound ? operand : lower;
                case "$lt", "$lte" -> upper = upper == null && bound ? operand : upper;
                case "$exists" -> exists |= Boolean.TRUE.equals(operand);
                case "$ne" -> exists |= operand == null;
                default -> {}
            }
        }
        if (lower == null && upper == null) {
            return sparse && exists ? Optional.of(new Range(prefix, KeyBytes.after(prefix))) : Optional.empty();
        }
        // Range operators compare only values of one type. If one bound is missing, the first byte of the type is the
        // bound
        var first = lower == null ? type(prefix, upper, key) : with(prefix, lower, key);
        var last = upper == null ? type(prefix, lower, key) : with(prefix, upper, key);
        return Optional.of(
                key.isAscending() ? new Range(first, KeyBytes.after(last)) : new Range(last, KeyBytes.after(first)));
    }

    private static byte[] with(byte[] prefix, @Nullable Object value, IndexKey key) {
        return new KeyBytes().addRaw(prefix).add(value, key.isAscending()).toByteArray();
    }

    private static byte[] type(byte[] prefix, @Nullable Object value, IndexKey key) {
        var type = Arrays.copyOf(with(new byte[0], value, key), 1);
        return new KeyBytes().addRaw(prefix).addRaw(type).toByteArray();
    }

    /** The positions of the entries. They are read lazily. */
    Stream<Object> positions() {
        return ranges.stream().flatMap(this::positions);
    }

    private Stream<Object> positions(Range range) {
        MVMap<byte[], Object> entries = index.entries();
        var cursor = reverse
                ? entries.cursor(range.before, range.from, true)
                : entries.cursor(range.from, range.before, false);
        return StreamSupport.stream(
                new Spliterators.AbstractSpliterator<Object>(Long.MAX_VALUE, Spliterator.ORDERED) {
                    @Override
                    public boolean tryAdvance(Consumer<? super Object> action) {
                        while (cursor.hasNext()) {
                            var key = cursor.next();
                            if (Arrays.compareUnsigned(key, range.before) < 0
                                    && Arrays.compareUnsigned(key, range.from) >= 0) {
                                action.accept(cursor.getValue());
                                return true;
                            }
                        }
                        return false;
                    }
                },
                false);
    }
}
