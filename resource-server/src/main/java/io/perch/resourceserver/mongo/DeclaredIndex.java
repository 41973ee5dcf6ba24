package io.perch.resourceserver.mongo;

import com.mongodb.client.model.IndexOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bson.Document;

/**
 * An index that a collection's queries need.
 *
 * @param name its name in the database
 * @param keys the fields in order: 1 for ascending, -1 for descending
 * @param kind which documents it contains
 */
public record DeclaredIndex(String name, Map<String, Integer> keys, Kind kind) {

    /** Which documents an index contains. */
    public enum Kind {
        /** All documents. */
        FULL,
        /** Documents with at least one of the fields. */
        SPARSE,
        /** Documents with the last field; no two of them may have the same values. */
        UNIQUE_WHERE_PRESENT
    }

    public DeclaredIndex {
        keys = new LinkedHashMap<>(keys);
    }

    /** Declares an index of one field that contains only documents with this field. */
    public static DeclaredIndex sparse(String name, String field) {
        return new DeclaredIndex(name, Map.of(field, 1), Kind.SPARSE);
    }

    /**
     * Declares an index of all documents.
     *
     * @param fields field names in order; a minus sign before a name means descending order
     */
    public static DeclaredIndex of(String name, String... fields) {
        Map<String, Integer> keys = new LinkedHashMap<>();
        for (String field : fields) {
            boolean descending = field.startsWith("-");
            keys.put(descending ? field.substring(1) : field, descending ? -1 : 1);
        }
        return new DeclaredIndex(name, keys, Kind.FULL);
    }

    /**
     * Returns whether an index of the database with the same fields refuses what this one refuses. If not, it must not be taken
     * for this one.
     *
     * @param existing an entry of {@code listIndexes}
     */
    boolean isUniqueLike(Document existing) {
        return kind != Kind.UNIQUE_WHERE_PRESENT
                || (isTrue(existing, "unique") && present().equals(existing.get("partialFilterExpression")));
    }

    /** Servers also store these options as numbers. */
    static boolean isTrue(Document index, String option) {
        Object value = index.get(option);
        return value instanceof Number number ? number.intValue() != 0 : Boolean.TRUE.equals(value);
    }

    boolean isSparse() {
        return kind == Kind.SPARSE;
    }

    Document document() {
        Document document = new Document();
        document.putAll(keys);
        return document;
    }

    IndexOptions options() {
        IndexOptions options = new IndexOptions().name(name);
        switch (kind) {
            case FULL -> {}
            case SPARSE -> options.sparse(true);
            case UNIQUE_WHERE_PRESENT -> options.unique(true).partialFilterExpression(present());
        }
        return options;
    }

    /** The condition of a partial index: the last field exists. */
    private Document present() {
        String last = keys.keySet().stream().reduce((before, after) -> after).orElseThrow();
        return new Document(last, new Document("$exists", true));
    }
}
