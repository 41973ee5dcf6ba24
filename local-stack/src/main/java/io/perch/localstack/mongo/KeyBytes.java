package io.perch.localstack.mongo;

import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.ObjectId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Encodes values as bytes. The unsigned order of the bytes is MongoDB's sort order of the values.
 *
 * <p>Equal values (such as {@code 1} and {@code 1.0}) have equal bytes. The bytes of one value are never a prefix of
 * the bytes of another. Only scalars are in order. Arrays, documents and rare types also have equal bytes for equal
 * values, but their order has no meaning; see {@link #isOrdered}.
 */
final class KeyBytes {

    /**
     * The first byte of entries for documents whose values have no order. It is greater than the first byte of any
     * value.
     */
    static final byte UNORDERED_DOCUMENT = (byte) 0xF0;

    private static final int NULL = 0x10;
    private static final int NUMBER = 0x20;
    private static final int STRING = 0x30;
    private static final int UUID_VALUE = 0x38;
    private static final int OBJECT_ID = 0x40;
    private static final int BOOLEAN = 0x50;
    private static final int INSTANT = 0x60;
    private static final int UNORDERED = 0xE0;

    /** The difference between a long and the nearest double is at most 512. */
    private static final int REMAINDER_OFFSET = 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

    /** Whether values of this type are in order. A missing value is treated as null. */
    static boolean isOrdered(@Nullable Object value) {
        if (value instanceof Double number) {
            return !number.isNaN();
        }
        return Missing.isNullOrMissing(value)
                || value instanceof Integer
                || value instanceof Long
                || value instanceof String
                || value instanceof ObjectId
                || value instanceof UUID
                || value instanceof Boolean
                || value instanceof Instant;
    }

    /** The bytes of a value, in ascending order. */
    static byte[] of(@Nullable Object value) {
        return new KeyBytes().add(value, true).toByteArray();
    }

    /** The smallest bytes that are greater than all bytes with this prefix. */
    static byte[] after(byte[] prefix) {
        int last = prefix.length - 1;
        while (last >= 0 && prefix[last] == (byte) 0xFF) {
            last--;
        }
        if (last < 0) {
            return new byte[] {(byte) 0xFF, (byte) 0xFF};
        }
        var after = Arrays.copyOf(prefix, last + 1);
        after[last]++;
        return after;
    }

    KeyBytes addRaw(byte[] raw) {
        bytes.writeBytes(raw);
        return this;
    }

    KeyBytes add(@Nullable Object value, boolean ascending) {
        int start = bytes.size();
        encode(value);
        if (ascending) {
            return this;
        }
        var all = bytes.toByteArray();
        for (int i = start; i < all.length; i++) {
            all[i] = (byte) ~all[i];
        }
        bytes.reset();
        bytes.writeBytes(all);
        return this;
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    private void encode(@Nullable Object value) {
        if (value == null || value instanceof Missing) {
            bytes.write(NULL);
        } else if (!isOrdered(value)) {
            unordered(value);
        } else if (value instanceof Double number) {
            number(number, 0);
        } else if (value instanceof Number number) {
            long exact = number.longValue();
            double nearest = (double) exact;
            number(nearest, (int) (exact - (long) nearest));
        } else if (value instanceof String string) {
            bytes.write(STRING);
            string(string);
        } else if (value instanceof UUID uuid) {
            bytes.write(UUID_VALUE);
            bytes.writeBytes(uuid.toString().getBytes(StandardCharsets.US_ASCII));
        } else if (value instanceof ObjectId id) {
            bytes.write(OBJECT_ID);
            bytes.writeBytes(id.toByteArray());
        } else if (value instanceof Boolean bool) {
            bytes.write(BOOLEAN);
            bytes.write(bool ? 1 : 0);
        } else if (value instanceof Instant instant) {
            bytes.write(INSTANT);
            signed(instant.toEpochMilli());
        } else {
            throw new IllegalStateException("no bytes for " + value.getClass());
        }
    }

    private void unordered(Object value) {
        var normalized = new KeyValue(new Object[] {value}).normalized().get(0);
        if (isOrdered(normalized)) {
            // A decimal is converted to an equal double
            encode(normalized);
            return;
        }
        bytes.write(UNORDERED);
        var encoded = Bson.encode(new Document("", normalized));
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(encoded.length).array());
        bytes.writeBytes(encoded);
    }

    private void number(double nearest, int remainder) {
        bytes.write(NUMBER);
        long bits = Double.doubleToLongBits(nearest == 0.0 ? 0.0 : nearest);
        // The bits of negative doubles have the reverse order
        signed(bits < 0 ? bits ^ Long.MAX_VALUE : bits);
        int shifted = remainder + REMAINDER_OFFSET;
        bytes.write(shifted >>> 8);
        bytes.write(shifted);
    }

    private void signed(long value) {
        bytes.writeBytes(ByteBuffer.allocate(8).putLong(value ^ Long.MIN_VALUE).array());
    }

    /** Encodes each UTF-16 unit as UTF-8 does, which keeps the order of {@link String#compareTo}. Ends with 0 and 1. */
    private void string(String string) {
        for (int i = 0; i < string.length(); i++) {
            char unit = string.charAt(i);
            if (unit == 0) {
                bytes.write(0);
                bytes.write(0xFF);
            } else if (unit < 0x80) {
                bytes.write(unit);
            } else if (unit < 0x800) {
                bytes.write(0xC0 | (unit >> 6));
                bytes.write(0x80 | (unit & 0x3F));
            } else {
                bytes.write(0xE0 | (unit >> 12));
                bytes.write(0x80 | ((unit >> 6) & 0x3F));
                bytes.write(0x80 | (unit & 0x3F));
            }
        }
        bytes.write(0);
        bytes.write(1);
    }
}
