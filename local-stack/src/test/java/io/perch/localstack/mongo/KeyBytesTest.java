package io.perch.localstack.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.backend.ValueComparator;
import de.bwaldvogel.mongo.bson.ObjectId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyBytesTest {

    private static final List<@Nullable Object> VALUES = new ArrayList<>(Arrays.asList(
            null,
            Double.NEGATIVE_INFINITY,
            // mongo-java-server treats the smallest long as equal to negative infinity
            Long.MIN_VALUE + 600,
            -1.5,
            -1,
            0,
            0.25,
            1,
            1L << 53,
            (1L << 53) + 1,
            Long.MAX_VALUE - 600,
            Double.MAX_VALUE,
            "",
            "\0",
            "\0a",
            "a",
            "a\0b",
            "ab",
            "é",
            "中",
            "\uD83D\uDE00",
            "\uFFFF",
            new ObjectId("000000000000000000000001"),
            new ObjectId("ff0000000000000000000000"),
            false,
            true,
            Instant.ofEpochMilli(-1),
            Instant.EPOCH,
            Instant.ofEpochMilli(1)));

    @Test
    void bytesAreOrderedAsMongoDbOrdersTheValues() {
        for (var one : VALUES) {
            for (var other : VALUES) {
                int expected = Integer.signum(ValueComparator.asc().compare(one, other));
                assertThat(order(KeyBytes.of(one), KeyBytes.of(other)))
                        .as("%s and %s", one, other)
                        .isEqualTo(expected);
                assertThat(order(
                                new KeyBytes().add(one, false).toByteArray(),
                                new KeyBytes().add(other, false).toByteArray()))
                        .as("descending: %s and %s", one, other)
                        .isEqualTo(-expected);
            }
        }
    }

    @Test
    void equalNumbersHaveEqualBytes() {
        assertThat(KeyBytes.of(1)).isEqualTo(KeyBytes.of(1L)).isEqualTo(KeyBytes.of(1.0));
        assertThat(KeyBytes.of(-0.0)).isEqualTo(KeyBytes.of(0));
    }

    private static int order(byte[] one, byte[] other) {
        return Integer.signum(Arrays.compareUnsigned(one, other));
    }
}
