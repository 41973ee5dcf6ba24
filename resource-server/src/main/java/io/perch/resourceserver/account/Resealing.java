package io.perch.resourceserver.account;

import com.mongodb.client.MongoCursor;
import io.perch.resourceserver.crypto.UnsealException;
import java.io.PrintStream;
import org.bson.Document;
import org.springframework.core.convert.ConversionException;
import org.springframework.data.mapping.MappingException;
import org.springframework.data.mongodb.core.MongoOperations;

/**
 * Goes once through all accounts and seals with the newest key what is sealed with another one or not at all. Each value is
 * written for itself and only over the very value that was read, so servers may run meanwhile, and a run that was broken
 * off is made good by the next.
 */
final class Resealing {

    private static final int BATCH = 200;

    private final MongoOperations mongo;
    private final AccountSecrets secrets;
    private final PrintStream out;
    private long read;
    private long resealed;
    private long skipped;
    private long failed;

    Resealing(MongoOperations mongo, AccountSecrets secrets, PrintStream out) {
        this.mongo = mongo;
        this.secrets = secrets;
        this.out = out;
    }

    /**
     * Goes through them.
     *
     * @return whether every value is sealed with the newest key now, or was written by somebody else meanwhile
     */
    boolean run() {
        try (MongoCursor<Document> documents = mongo.getCollection(mongo.getCollectionName(StoredAccount.class))
                .find()
                .sort(new Document("_id", 1))
                .batchSize(BATCH)
                .cursor()) {
            while (documents.hasNext()) {
                reseal(documents.next());
            }
        }
        return failed == 0;
    }

    /** Returns how many values were read, and what became of them. */
    String summary() {
        return "%d values read: %d resealed, %d skipped, %d failed".formatted(read, resealed, skipped, failed);
    }

    private void reseal(Document document) {
        try {
            StoredAccount account = mongo.getConverter().read(StoredAccount.class, document);
            if (!(document.get("user_id") instanceof String)) {
                fail(document, "its user_id is not the id of a Keycloak user");
                return;
            }
            for (SecretField field : SecretField.values()) {
                reseal(account, field);
            }
        } catch (MappingException | ConversionException e) {
            fail(document, "its fields are not of the types that they should be");
        }
    }

    private void reseal(StoredAccount account, SecretField field) {
        if (field.sealed(account) == null && field.clear(account) == null) {
            return;
        }
        if (secrets.isCurrent(account, field)) {
            read++;
            skipped++;
            return;
        }
        try {
            boolean written = secrets.reseal(account, field);
            read++;
            resealed += written ? 1 : 0;
            skipped += written ? 0 : 1;
        } catch (UnsealException e) {
            read++;
            failed++;
            out.println(e.getMessage());
        }
    }

    private void fail(Document document, String reason) {
        read++;
        failed++;
        out.println("The account %s was left alone: %s".formatted(document.get("_id"), reason));
    }
}
