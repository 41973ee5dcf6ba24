package io.perch.resourceserver.account;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * An account as stored in the database. All secrets are sealed, except in documents of the old service, which sealed only the
 * password.
 *
 * @param id the account's ID
 * @param key the ID as it is stored; an ObjectId in a document of the old service
 * @param userId the owner
 * @param username the X user name
 * @param encryptedPassword the sealed password, or the old service's Fernet token; null if it is missing or of another type
 * @param encryptedPhoneNumber null in a document of the old service
 * @param encryptedEmail null if the owner gave none, and in a document of the old service
 * @param phoneNumber the plain phone number in a document of the old service, otherwise null
 * @param email the plain e-mail address in a document of the old service, otherwise null
 * @param createdAt null in a document of the old service
 * @param lastLoginAt when a login last succeeded, or null
 * @param lastStatus the result of the last login, or null
 */
record StoredAccount(
        String id,
        Object key,
        String userId,
        String username,
        @Nullable String encryptedPassword,
        @Nullable String encryptedPhoneNumber,
        @Nullable String encryptedEmail,
        @Nullable String phoneNumber,
        @Nullable String email,
        @Nullable Instant createdAt,
        @Nullable Instant lastLoginAt,
        @Nullable String lastStatus) {

    /** Reads a document. A field of an unexpected type counts as missing. */
    static StoredAccount read(Document document) {
        Object key = Objects.requireNonNull(document.get("_id"));
        return new StoredAccount(
                String.valueOf(key),
                key,
                text(document, "user_id", ""),
                text(document, "username", ""),
                text(document, SecretField.PASSWORD.stored()),
                text(document, SecretField.PHONE_NUMBER.stored()),
                text(document, SecretField.EMAIL.stored()),
                text(document, SecretField.PHONE_NUMBER.storedClear()),
                text(document, SecretField.EMAIL.storedClear()),
                time(document, "created_at"),
                time(document, "last_login_at"),
                text(document, "last_status"));
    }

    /** Returns when the account was created. For accounts of the old service this is read from the ObjectId. */
    Instant creationTime() {
        if (createdAt != null) {
            return createdAt;
        }
        return ObjectId.isValid(id) ? new ObjectId(id).getDate().toInstant() : Instant.EPOCH;
    }

    /** Keeps the old service's plain values out of logs. */
    @Override
    public String toString() {
        return "StoredAccount[id=%s, userId=%s]".formatted(id, userId);
    }

    private static String text(Document document, String name, String fallback) {
        String text = text(document, name);
        return text == null ? fallback : text;
    }

    /** Many clients of the old service stored the bytes of a Fernet token. */
    private static @Nullable String text(Document document, String name) {
        Object value = document.get(name);
        if (value instanceof Binary bytes) {
            return new String(bytes.getData(), StandardCharsets.UTF_8);
        }
        return value instanceof String text ? text : null;
    }

    private static @Nullable Instant time(Document document, String name) {
        return document.get(name) instanceof Date date ? date.toInstant() : null;
    }
}
