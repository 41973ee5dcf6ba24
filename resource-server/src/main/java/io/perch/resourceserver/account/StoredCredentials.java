package io.perch.resourceserver.account;

/** An account's sealed credentials. {@link TwitterAccounts#open(StoredCredentials)} unseals them. */
public final class StoredCredentials {

    private final StoredAccount account;

    StoredCredentials(StoredAccount account) {
        this.account = account;
    }

    StoredAccount account() {
        return account;
    }
}
