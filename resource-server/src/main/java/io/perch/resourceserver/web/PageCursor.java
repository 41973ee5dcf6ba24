package io.perch.resourceserver.web;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.KeysetScrollPosition;
import org.springframework.data.domain.ScrollPosition;
import org.springframework.data.domain.Sort;

/**
 * A position in a list that is sorted by the properties {@code createdAt} and {@code id}, newest first. Opaque to clients.
 *
 * @param createdAt when the item was created, with a precision of milliseconds
 * @param id the item's ID, for items of the same time
 */
public record PageCursor(Instant createdAt, String id) {

    /** The format of a cursor: Base64url without padding. */
    static final String PATTERN = "^[A-Za-z0-9_-]{4,200}$";

    /** The sort order of such lists. */
    public static final Sort NEWEST_FIRST = Sort.by(Sort.Direction.DESC, "createdAt", "id");

    /**
     * Returns the position from which to read.
     *
     * @param after the cursor from the client; null for the beginning
     * @throws ProblemException if the text is not a cursor
     */
    public static KeysetScrollPosition position(@Nullable String after) {
        if (after == null) {
            return ScrollPosition.keyset();
        }
        PageCursor cursor = parse(after);
        return ScrollPosition.forward(Map.of("createdAt", cursor.createdAt, "id", cursor.id));
    }

    private static PageCursor parse(String text) {
        try {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            int colon = Math.max(0, plain.indexOf(':'));
            Instant createdAt = Instant.ofEpochMilli(Long.parseLong(plain.substring(0, colon)));
            return new PageCursor(createdAt, plain.substring(colon + 1));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "'after' is not a cursor of this list");
        }
    }

    @Override
    public String toString() {
        String plain = createdAt.toEpochMilli() + ":" + id;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }
}
