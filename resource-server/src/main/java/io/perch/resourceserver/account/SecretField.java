package io.perch.resourceserver.account;

import io.perch.resourceserver.crypto.SealedField;
import org.jspecify.annotations.Nullable;

/** The fields of an account that are sealed. The old service sealed the password only, with Fernet. */
enum SecretField {
    PASSWORD("password", "encryptedPassword", "password"),
    PHONE_NUMBER("phone_number", "encryptedPhoneNumber", "phoneNumber"),
    EMAIL("email", "encryptedEmail", "email");

    private final String sealedName;
    private final String property;
    private final String clearProperty;

    SecretField(String sealedName, String property, String clearProperty) {
        this.sealedName = sealedName;
        this.property = property;
        this.clearProperty = clearProperty;
    }

    /** Returns the property that holds the sealed value. */
    String property() {
        return property;
    }

    /** Returns the property that holds the value in clear in a document of the old service. */
    String clearProperty() {
        return clearProperty;
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
