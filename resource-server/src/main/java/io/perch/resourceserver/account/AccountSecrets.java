package io.perch.resourceserver.account;

import io.perch.resourceserver.crypto.SealedField;
import io.perch.resourceserver.crypto.Sealer;
import io.perch.resourceserver.crypto.UnsealException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Seals and unseals the secrets of accounts. */
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
     * Unseals the credentials of a task.
     *
     * @throws UnsealException if a value cannot be unsealed
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
     * Seals credentials with the newest key if they are sealed with another one.
     *
     * @return the new credentials, or the same if all values are sealed with the newest key
     * @throws UnsealException if a value cannot be unsealed
     */
    SealedCredentials withCurrentKey(SealedCredentials sealed, String userId, String accountId) {
        for (SecretField field : SecretField.values()) {
            String value = field.sealed(sealed);
            if (value != null && !sealer.isCurrent(value, field.of(userId, accountId))) {
                return seal(open(sealed, "", userId, accountId), userId, accountId);
            }
        }
        return sealed;
    }

    /**
     * Unseals a field.
     *
     * @return the value; null if there is none
     * @throws UnsealException if it cannot be unsealed
     */
    @Nullable
    String open(StoredAccount account, SecretField field) {
        String sealed = field.sealed(account);
        if (sealed == null) {
            return field.clear(account);
        }
        SealedField place = field.of(account.userId(), account.id());
        // A Fernet token is not bound to its field, so an attacker could copy a password's token to a field that
        // users may read. So Fernet tokens are decrypted only in the password field, which is never shown to anybody
        return field == SecretField.PASSWORD && sealer.isFernet(sealed)
                ? sealer.openFernet(sealed, place)
                : sealer.unseal(sealed, place);
    }

    /**
     * Unseals all fields for a login, and reseals values of the old service.
     *
     * @throws UnsealException if a value cannot be unsealed or is missing
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
     * Seals a field with the newest key. It is written only if the stored value is unchanged since it was read, so that an old
     * value never replaces a newer one.
     *
     * @return whether it was written
     * @throws UnsealException if the value cannot be unsealed
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
