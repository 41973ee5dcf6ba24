package io.perch.resourceserver.account;

import io.perch.resourceserver.crypto.SealedField;
import org.jspecify.annotations.Nullable;

/** The sealed fields of an account. The old service sealed only the password, with Fernet. */
enum SecretField {
    PASSWORD("password"),
    PHONE_NUMBER("phone_number"),
    EMAIL("email");

    private final String sealedName;

    SecretField(String sealedName) {
        this.sealedName = sealedName;
    }

    /** Returns the name of the document's field for the sealed value. */
    String stored() {
        return "encrypted_" + sealedName;
    }

    /** Returns the name of the field for the plain value in a document of the old service. */
    String storedClear() {
        return sealedName;
    }

    /** Returns the sealed value, or null if there is none. */
    @Nullable
    String sealed(StoredAccount account) {
        return switch (this) {
            case PASSWORD -> account.encryptedPassword();
            case PHONE_NUMBER -> account.encryptedPhoneNumber();
            case EMAIL -> account.encryptedEmail();
        };
    }

    /** Returns the sealed value, or null if there is none. */
    @Nullable
    String sealed(SealedCredentials credentials) {
        return switch (this) {
            case PASSWORD -> credentials.password();
            case PHONE_NUMBER -> credentials.phoneNumber();
            case EMAIL -> credentials.email();
        };
    }

    /** Returns the old service's plain value, or null if there is none. */
    @Nullable
    String clear(StoredAccount account) {
        return switch (this) {
            case PASSWORD -> null;
            case PHONE_NUMBER -> account.phoneNumber();
            case EMAIL -> account.email();
        };
    }

    /** Returns the field that the sealed value is bound to. */
    SealedField of(String userId, String accountId) {
        return new SealedField(userId, accountId, sealedName);
    }
}
