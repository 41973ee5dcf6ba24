package io.perch.resourceserver.account;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.crypto.DerivedId;
import io.perch.resourceserver.crypto.UnsealException;
import io.perch.resourceserver.web.PageCursor;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Window;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/** The accounts of all users, for the rest of the server. */
@Component
public class TwitterAccounts {

    private final MongoOperations mongo;
    private final AccountSecrets secrets;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    TwitterAccounts(MongoOperations mongo, AccountSecrets secrets, ApplicationEventPublisher events, Clock clock) {
        this.mongo = mongo;
        this.secrets = secrets;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Stores credentials, in place of what was stored for the same user's same X account before.
     *
     * @param userId the owner
     * @param credentials the credentials, which are sealed before they are written
     * @return the account's id
     */
    public String store(String userId, TwitterCredentials credentials) {
        // X user names ignore case.
        String id = DerivedId.of(userId + '/' + credentials.username().toLowerCase(Locale.ROOT));
        String email = credentials.email();
        Update update = new Update()
                .setOnInsert("createdAt", clock.instant())
                .set("userId", userId)
                .set("username", credentials.username())
                .set("encryptedPassword", secrets.seal(SecretField.PASSWORD, credentials.password(), userId, id))
                .set(
                        "encryptedPhoneNumber",
                        secrets.seal(SecretField.PHONE_NUMBER, credentials.phoneNumber(), userId, id))
                .unset("phoneNumber")
                .unset("email");
        if (email == null) {
            update.unset("encryptedEmail");
        } else {
            update.set("encryptedEmail", secrets.seal(SecretField.EMAIL, email, userId, id));
        }
        mongo.upsert(query(where("id").is(id)), update, StoredAccount.class);
        return id;
    }

    /**
     * Opens an account's credentials for a login. What the old service left is sealed anew on the way.
     *
     * @param userId the owner
     * @param accountId the account
     * @return the credentials, or empty where the user has no such account (any more)
     * @throws UnsealException if what is stored does not open
     */
    public Optional<TwitterCredentials> credentials(String userId, String accountId) {
        return find(userId, accountId).map(secrets::credentials);
    }

    /**
     * Tells an account's X user name.
     *
     * @param userId the owner
     * @param accountId the account
     * @return the name, or empty where the user has no such account
     */
    public Optional<String> username(String userId, String accountId) {
        return find(userId, accountId).map(StoredAccount::username);
    }

    /**
     * Remembers how the last login of an account ended. Does nothing where the account is gone.
     *
     * @param accountId the account
     * @param status the login task's final status
     * @param succeededAt when it succeeded, or null where it did not
     */
    public void recordLogin(String accountId, String status, @Nullable Instant succeededAt) {
        Update update = Update.update("lastStatus", status);
        if (succeededAt != null) {
            update.set("lastLoginAt", succeededAt);
        }
        mongo.updateFirst(query(where("id").is(accountId)), update, StoredAccount.class);
    }

    /** Returns the ids of a user's accounts, in no order. */
    public List<String> ids(String userId) {
        // As they lie there: nothing that one of them has, or lacks, may keep its id back.
        Query owned = query(where("user_id").is(userId));
        owned.fields().include("_id");
        return mongo.find(owned, Document.class, mongo.getCollectionName(StoredAccount.class)).stream()
                .map(account -> String.valueOf(account.get("_id")))
                .toList();
    }

    /** Deletes all accounts of a user, and with them the credentials. Who asks for that sees to what still runs. */
    public void deleteAll(String userId) {
        mongo.remove(query(where("userId").is(userId)), StoredAccount.class);
    }

    Window<StoredAccount> list(String userId, @Nullable String after, int limit) {
        if (after == null) {
            dateOldAccounts(userId);
        }
        Query query = query(where("userId").is(userId))
                .with(PageCursor.NEWEST_FIRST)
                .with(PageCursor.position(after))
                .limit(limit);
        return mongo.scroll(query, StoredAccount.class);
    }

    Optional<StoredAccount> find(String userId, String accountId) {
        return Optional.ofNullable(mongo.findById(accountId, StoredAccount.class))
                .filter(account -> account.userId().equals(userId));
    }

    boolean delete(String userId, String accountId) {
        Query owned = query(where("id").is(accountId).and("userId").is(userId));
        boolean deleted = mongo.remove(owned, StoredAccount.class).getDeletedCount() > 0;
        if (deleted) {
            events.publishEvent(new AccountDeleted(userId, accountId));
        }
        return deleted;
    }

    /** A list goes on after a date, so what the old service left without one would be on no page but the last. */
    private void dateOldAccounts(String userId) {
        Query undated = query(where("userId").is(userId).and("createdAt").is(null));
        for (StoredAccount account : mongo.find(undated, StoredAccount.class)) {
            Query still = query(where("id").is(account.id()).and("createdAt").is(null));
            mongo.updateFirst(still, Update.update("createdAt", account.madeAt()), StoredAccount.class);
        }
    }
}
