package io.perch.resourceserver.account;

import io.perch.resourceserver.crypto.ResealCounts;
import io.perch.resourceserver.crypto.UnsealException;
import org.bson.Document;
import org.springframework.stereotype.Component;

/**
 * Seals with the newest key what is sealed with another one or not at all, in all accounts. Each value is written by itself and
 * only over the value that was read, so servers may run meanwhile. A run that was interrupted is completed by the next one.
 */
@Component
public class AccountResealing {

    private static final int BATCH = 200;

    private final AccountRepository accounts;
    private final AccountSecrets secrets;

    AccountResealing(AccountRepository accounts, AccountSecrets secrets) {
        this.accounts = accounts;
        this.secrets = secrets;
    }

    /** Reads all accounts once, and counts what became of their values. */
    public void run(ResealCounts counts) {
        accounts.readAll(BATCH, document -> reseal(document, counts));
    }

    /**
     * Seals with the newest key what is sealed with another one.
     *
     * @return the credentials anew, or the same where nothing is to be done
     * @throws UnsealException if what is stored does not open
     */
    public SealedCredentials current(SealedCredentials sealed, String userId, String accountId) {
        return secrets.current(sealed, userId, accountId);
    }

    private void reseal(Document document, ResealCounts counts) {
        StoredAccount account = StoredAccount.read(document);
        if (!(document.get("user_id") instanceof String)) {
            counts.failed("The account %s was left alone: its user_id is not the id of a Keycloak user"
                    .formatted(account.id()));
            return;
        }
        for (SecretField field : SecretField.values()) {
            if (field.sealed(account) != null || field.clear(account) != null) {
                reseal(account, field, counts);
            }
        }
    }

    private void reseal(StoredAccount account, SecretField field, ResealCounts counts) {
        if (secrets.isCurrent(account, field)) {
            counts.skipped();
            return;
        }
        try {
            if (secrets.reseal(account, field)) {
                counts.resealed();
            } else {
                counts.skipped();
            }
        } catch (UnsealException e) {
            counts.failed(String.valueOf(e.getMessage()));
        }
    }
}
