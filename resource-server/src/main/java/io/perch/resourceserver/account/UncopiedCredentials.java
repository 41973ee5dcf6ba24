package io.perch.resourceserver.account;

import java.util.List;

/**
 * Finds credentials that are stored only in a user's open tasks, not yet in accounts. Implemented by the package that owns the
 * tasks.
 */
@FunctionalInterface
public interface UncopiedCredentials {

    /** Returns them, in no order. An account may occur more than once. */
    List<AccountWrite> of(String userId);
}
