package io.perch.resourceserver.account;

import io.perch.resourceserver.crypto.ResealCounts;
import io.perch.resourceserver.crypto.UnsealException;
import org.bson.Document;
import org.springframework.stereotype.Component;

/**
 * Seals the values of all accounts with the newest key, if they are sealed with another key or not sealed. Each value is written
 * separately and only if it is unchanged since it was read, so servers may run at the same time. An interrupted run is completed
 * by the next one.
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

    /** Reads all accounts once, and counts the results. */
    public void run(ResealCounts counts) {
        accounts.readAll(BATCH, document -> reseal(document, counts));
    }

    /**
     * Seals credentials with the newest key if they are sealed with another one.
     *
     * @return the new credentials, or the same if nothing had to be done
     * @throws UnsealException if a value cannot be unsealed
     */
    public SealedCredentials withCurrentKey(SealedCredentials sealed, String userId, String accountId) {
        return secrets.withCurrentKey(sealed, userId, accountId);
    }

    private void reseal(Document document, ResealCounts counts) {
        StoredAccount account = StoredAccount.read(document);
        if (!(document.get("user_id") instanceof String)) {
            counts.failed("The account %s was not changed: its user_id is not the id of a Keycloak user"
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
