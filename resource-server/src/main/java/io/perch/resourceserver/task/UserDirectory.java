package io.perch.resourceserver.task;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Looks up users by name. Implemented by the package that owns the users. */
public interface UserDirectory {

    /**
     * Finds a user.
     *
     * @param text the user's ID, user name or e-mail address; case is ignored for the last two
     * @return the user's ID; empty if no user matches
     */
    Optional<String> id(String text);

    /** Returns user names by ID. Unknown users are left out. */
    Map<String, String> usernames(Collection<String> userIds);
}
