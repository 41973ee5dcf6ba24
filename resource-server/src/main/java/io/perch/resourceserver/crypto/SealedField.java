package io.perch.resourceserver.crypto;

import java.nio.charset.StandardCharsets;

/**
 * The place that a sealed value belongs to. It is authenticated with the value (AEAD associated data), so a value moved
 * to another user, record or field does not open.
 *
 * @param userId the owner: the {@code sub} of the owner's tokens
 * @param recordId the id of the record that holds the field
 * @param name the field's name in the record
 */
public record SealedField(String userId, String recordId, String name) {

    byte[] associatedData() {
        // The lengths keep ("ab", "c") and ("a", "bc") apart.
        String text = "%d:%s|%d:%s|%d:%s"
                .formatted(userId.length(), userId, recordId.length(), recordId, name.length(), name);
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
