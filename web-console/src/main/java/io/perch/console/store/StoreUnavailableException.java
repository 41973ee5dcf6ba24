package io.perch.console.store;

import java.io.Serial;

/** The store or a lock is not available. */
public final class StoreUnavailableException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    StoreUnavailableException(String message) {
        super(message);
    }
}
