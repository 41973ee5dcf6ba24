package io.perch.resourceserver.crypto;

import java.nio.charset.StandardCharsets;

/**
 * The field that a sealed value is bound to. It is authenticated with the value (AEAD associated data), so a value that is copied
 * to another user, record or field cannot be unsealed.
 *
 * @param userId the owner: the {@code sub} of the owner's tokens
 * @param recordId the ID of the record
 * @param name the field's name in the record
 */
public record SealedField(String userId, String recordId, String name) {

    byte[] associatedData() {
        // The lengths distinguish ("ab", "c") from ("a", "bc")
        String text = "%d:%s|%d:%s|%d:%s"
                .formatted(userId.length(), userId, recordId.length(), recordId, name.length(), name);
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
