package io.perch.resourceserver.account;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.crypto.SealedField;
import io.perch.resourceserver.crypto.Sealer;
import io.perch.resourceserver.crypto.UnsealException;
import org.jspecify.annotations.Nullable;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/** Seals and opens what is secret in an account. */
@Component
class AccountSecrets {

    private final MongoOperations mongo;
    private final Sealer sealer;

    AccountSecrets(MongoOperations mongo, Sealer sealer) {
        this.mongo = mongo;
        this.sealer = sealer;
    }

    String seal(SecretField field, String value, String userId, String accountId) {
        return sealer.seal(value, field.of(userId, accountId));
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

    /** Tells whether a field is sealed with the newest key, or empty. */
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
        String sealed = field.sealed(account);
        Criteria unchanged = where("id")
                .is(account.id())
                .and("userId")
                .is(account.userId())
                .and(field.property())
                .is(sealed);
        Update update = Update.update(field.property(), seal(field, value, account.userId(), account.id()));
        if (sealed == null) {
            unchanged.and(field.clearProperty()).is(value);
            update.unset(field.clearProperty());
        }
        if (account.createdAt() == null) {
            update.set("createdAt", account.madeAt());
        }
        return mongo.updateFirst(query(unchanged), update, StoredAccount.class).getModifiedCount() > 0;
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
