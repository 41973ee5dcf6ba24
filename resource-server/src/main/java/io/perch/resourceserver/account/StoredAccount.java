package io.perch.resourceserver.account;

import java.time.Instant;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * An account as it lies in the database: nothing secret in clear, but for documents of the old service, which sealed the
 * password only.
 *
 * @param encryptedPassword the sealed password, or the old service's Fernet token
 * @param encryptedPhoneNumber null in a document of the old service
 * @param encryptedEmail null where the owner gave none, and in a document of the old service
 * @param phoneNumber the phone number in clear in a document of the old service, otherwise null
 * @param email the e-mail address in clear in a document of the old service, otherwise null
 * @param createdAt null in a document of the old service
 */
@Document("twitter_users")
record StoredAccount(
        @Id String id,
        String userId,
        String username,
        String encryptedPassword,
        @Nullable String encryptedPhoneNumber,
        @Nullable String encryptedEmail,
        @Nullable String phoneNumber,
        @Nullable String email,
        @Nullable Instant createdAt,
        @Nullable Instant lastLoginAt,
        @Nullable String lastStatus) {

    /** Returns when the account was made; the ids of the old service tell it. */
    Instant madeAt() {
        if (createdAt != null) {
            return createdAt;
        }
        return ObjectId.isValid(id) ? new ObjectId(id).getDate().toInstant() : Instant.EPOCH;
    }

    /** Keeps the old service's values out of logs. */
    @Override
    public String toString() {
        return "StoredAccount[id=%s, userId=%s]".formatted(id, userId);
    }
}
