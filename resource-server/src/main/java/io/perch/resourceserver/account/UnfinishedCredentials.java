package io.perch.resourceserver.account;

import java.util.List;

/** Finds credentials that are still only in a user's open tasks. Implemented by the owner of the tasks. */
@FunctionalInterface
public interface UnfinishedCredentials {

    /** Returns them, in no order; an account may be there more than once. */
    List<AccountWrite> of(String userId);
}
