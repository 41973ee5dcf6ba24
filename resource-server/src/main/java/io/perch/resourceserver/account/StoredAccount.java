package io.perch.resourceserver.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/** An account as it lies in the database: nothing secret in clear. */
@Document("twitter_users")
record StoredAccount(
        @Id String id,
        String userId,
        String username,
        String encryptedPassword,
        String encryptedPhoneNumber,
        @Nullable String encryptedEmail,
        Instant createdAt,
        @Nullable Instant lastLoginAt,
        @Nullable String lastStatus) {}
