package io.perch.resourceserver.account;

import java.util.Collection;
import java.util.Set;

/** Finds deleted users. Implemented by the package that owns the users. */
@FunctionalInterface
public interface DeletedUsers {

    /** Returns those of the given users who were deleted. */
    Set<String> among(Collection<String> userIds);
}
