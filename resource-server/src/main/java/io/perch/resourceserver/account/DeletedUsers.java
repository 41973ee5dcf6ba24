package io.perch.resourceserver.account;

import java.util.Collection;
import java.util.Set;

/** Knows which users were deleted. Implemented by the owner of the users. */
@FunctionalInterface
public interface DeletedUsers {

    /** Returns those of some users who were deleted. */
    Set<String> among(Collection<String> userIds);
}
