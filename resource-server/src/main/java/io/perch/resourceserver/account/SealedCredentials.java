package io.perch.resourceserver.account;

import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * An account's credentials as stored in the database. Each value is sealed and bound to its user, its account and its field. A
 * task and its account contain the same values, so they can be copied without being unsealed.
 *
 * @param password the sealed password
 * @param phoneNumber the sealed phone number
 * @param email the sealed e-mail address; null if the owner gave none
 */
public record SealedCredentials(
        String password, String phoneNumber, @Nullable String email) {

    private static final String PASSWORD = "password";
    private static final String PHONE_NUMBER = "phone_number";
    private static final String EMAIL = "email";

    /** Reads them from a subdocument; null if the password or the phone number is missing. */
    public static @Nullable SealedCredentials read(@Nullable Document stored) {
        if (stored == null
                || !(stored.get(PASSWORD) instanceof String password)
                || !(stored.get(PHONE_NUMBER) instanceof String phoneNumber)) {
            return null;
        }
        return new SealedCredentials(password, phoneNumber, stored.get(EMAIL) instanceof String email ? email : null);
    }

    /** Returns them as a subdocument. */
    public Document document() {
        Document document = new Document(PASSWORD, password).append(PHONE_NUMBER, phoneNumber);
        if (email != null) {
            document.append(EMAIL, email);
        }
        return document;
    }

    /** Keeps the values out of logs. */
    @Override
    public String toString() {
        return "SealedCredentials[]";
    }
}
