package io.perch.resourceserver.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.mongo.DeclaredIndex.Kind;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class DeclaredIndexTest {

    private static final DeclaredIndex UNIQUE = new DeclaredIndex(
            "slot", DeclaredIndex.of("slot", "user_id", "slot").keys(), Kind.UNIQUE_WHERE_PRESENT);

    @Test
    void anIndexWithTheSameOptionsIsTheDeclaredOne() {
        assertThat(UNIQUE.isUniqueLike(existing().append("unique", true).append("partialFilterExpression", present())))
                .isTrue();
    }

    @Test
    void anIndexWithOtherOptionsIsNotTheDeclaredOne() {
        assertThat(UNIQUE.isUniqueLike(existing())).isFalse();
        assertThat(UNIQUE.isUniqueLike(existing().append("unique", true))).isFalse();
        assertThat(UNIQUE.isUniqueLike(existing().append("partialFilterExpression", present())))
                .isFalse();
        assertThat(UNIQUE.isUniqueLike(existing()
                        .append("unique", true)
                        .append("partialFilterExpression", new Document("status", "running"))))
                .isFalse();
    }

    @Test
    void otherIndexesNeedNotBeUnique() {
        assertThat(DeclaredIndex.sparse("due", "due_at").isUniqueLike(new Document("key", new Document("due_at", 1))))
                .isTrue();
    }

    private static Document existing() {
        return new Document("name", "by_hand").append("key", new Document("user_id", 1).append("slot", 1));
    }

    private static Document present() {
        return new Document("slot", new Document("$exists", true));
    }
}
