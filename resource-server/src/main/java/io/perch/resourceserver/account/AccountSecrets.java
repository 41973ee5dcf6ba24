package io.perch.resourceserver.account;

import io.perch.resourceserver.crypto.SealedField;
import io.perch.resourceserver.crypto.Sealer;
import io.perch.resourceserver.crypto.UnsealException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Seals and opens what is secret in an account. */
@Component
class AccountSecrets {

    private final AccountRepository accounts;
    private final Sealer sealer;

    AccountSecrets(AccountRepository accounts, Sealer sealer) {
        this.accounts = accounts;
        this.sealer = sealer;
    }

    String seal(SecretField field, String value, String userId, String accountId) {
        return sealer.seal(value, field.of(userId, accountId));
    }

    SealedCredentials seal(TwitterCredentials credentials, String userId, String accountId) {
        String email = credentials.email();
        return new SealedCredentials(
                seal(SecretField.PASSWORD, credentials.password(), userId, accountId),
                seal(SecretField.PHONE_NUMBER, credentials.phoneNumber(), userId, accountId),
                email == null ? null : seal(SecretField.EMAIL, email, userId, accountId));
    }

    /**
     * Opens credentials that a task carries.
     *
     * @throws UnsealException if one of the values does not open
     */
    TwitterCredentials open(SealedCredentials sealed, String username, String userId, String accountId) {
        String email = sealed.email();
        return new TwitterCredentials(
                username,
                sealer.unseal(sealed.password(), SecretField.PASSWORD.of(userId, accountId)),
                sealer.unseal(sealed.phoneNumber(), SecretField.PHONE_NUMBER.of(userId, accountId)),
                email == null ? null : sealer.unseal(email, SecretField.EMAIL.of(userId, accountId)));
    }

    /**
     * Seals with the newest key what is sealed with another one.
     *
     * @return the credentials anew, or the same where all of them are sealed with the newest key
     * @throws UnsealException if one of the values does not open
     */
    SealedCredentials current(SealedCredentials sealed, String userId, String accountId) {
        for (SecretField field : SecretField.values()) {
            String value = field.sealed(sealed);
            if (value != null && !sealer.isCurrent(value, field.of(userId, accountId))) {
                return seal(open(sealed, "", userId, accountId), userId, accountId);
            }
        }
        return sealed;
    }

    /**
     * Opens a field.
     *
     * @return the value, or null where there is none
     * @throws UnsealException if what is stored does not open
     */
    @Nullable
    String open(StoredAccount account, SecretField field) {
        String sealed = field.sealed(account);
        if (sealed == null) {
            return field.clear(account);
        }
        SealedField place = field.of(account.userId(), account.id());
        // A Fernet token opens wherever it was copied to. The password is the one field that nobody is ever shown, so a
        // token that somebody put into another field is not opened for the one who may look at that.
        return field == SecretField.PASSWORD && sealer.isFernet(sealed)
                ? sealer.openFernet(sealed, place)
                : sealer.unseal(sealed, place);
    }

    /**
     * Opens all of them for a login, and seals anew what the old service left.
     *
     * @throws UnsealException if what is stored does not open, or is missing
     */
    TwitterCredentials credentials(StoredAccount account) {
        TwitterCredentials credentials = new TwitterCredentials(
                account.username(),
                required(account, SecretField.PASSWORD),
                required(account, SecretField.PHONE_NUMBER),
                open(account, SecretField.EMAIL));
        for (SecretField field : SecretField.values()) {
            if (isOldServices(account, field)) {
                reseal(account, field);
            }
        }
        return credentials;
    }

    /** Returns whether a field is sealed with the newest key, or empty. */
    boolean isCurrent(StoredAccount account, SecretField field) {
        String sealed = field.sealed(account);
        return sealed == null
                ? field.clear(account) == null
                : sealer.isCurrent(sealed, field.of(account.userId(), account.id()));
    }

    /**
     * Seals a field with the newest key. The write goes through only where the stored value is still the one that was
     * read, so that a newer value is never overwritten by an old one.
     *
     * @return whether it was written
     * @throws UnsealException if what is stored does not open
     */
    boolean reseal(StoredAccount account, SecretField field) {
        String value = open(account, field);
        if (value == null) {
            return false;
        }
        return accounts.reseal(account, field, seal(field, value, account.userId(), account.id()));
    }

    private boolean isOldServices(StoredAccount account, SecretField field) {
        String sealed = field.sealed(account);
        return sealed == null ? field.clear(account) != null : sealer.isFernet(sealed);
    }

    private String required(StoredAccount account, SecretField field) {
        String value = open(account, field);
        if (value == null) {
            throw UnsealException.missing(field.of(account.userId(), account.id()));
        }
        return value;
    }
}
