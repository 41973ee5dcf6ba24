package io.perch.resourceserver.account;

import io.perch.resourceserver.crypto.SealedField;
import org.jspecify.annotations.Nullable;

/** The fields of an account that are sealed. The old service sealed the password only, with Fernet. */
enum SecretField {
    PASSWORD("password"),
    PHONE_NUMBER("phone_number"),
    EMAIL("email");

    private final String sealedName;

    SecretField(String sealedName) {
        this.sealedName = sealedName;
    }

    /** Returns the document's field that holds the sealed value. */
    String stored() {
        return "encrypted_" + sealedName;
    }

    /** Returns the document's field that holds the value in clear in a document of the old service. */
    String storedClear() {
        return sealedName;
    }

    /** Returns the sealed value, or null where there is none. */
    @Nullable
    String sealed(StoredAccount account) {
        return switch (this) {
            case PASSWORD -> account.encryptedPassword();
            case PHONE_NUMBER -> account.encryptedPhoneNumber();
            case EMAIL -> account.encryptedEmail();
        };
    }

    /** Returns the sealed value, or null where there is none. */
    @Nullable
    String sealed(SealedCredentials credentials) {
        return switch (this) {
            case PASSWORD -> credentials.password();
            case PHONE_NUMBER -> credentials.phoneNumber();
            case EMAIL -> credentials.email();
        };
    }

    /** Returns the old service's value in clear, or null where there is none. */
    @Nullable
    String clear(StoredAccount account) {
        return switch (this) {
            case PASSWORD -> null;
            case PHONE_NUMBER -> account.phoneNumber();
            case EMAIL -> account.email();
        };
    }

    /** Returns the place that this field's sealed value is bound to. */
    SealedField of(String userId, String accountId) {
        return new SealedField(userId, accountId, sealedName);
    }
}
