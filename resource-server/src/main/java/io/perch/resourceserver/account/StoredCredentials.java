package io.perch.resourceserver.account;

/** An account's credentials as they were read; {@link TwitterAccounts#open(StoredCredentials)} opens them. */
public final class StoredCredentials {

    private final StoredAccount account;

    StoredCredentials(StoredAccount account) {
        this.account = account;
    }

    StoredAccount account() {
        return account;
    }
}
