package io.perch.resourceserver.task;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Knows the users' names. Implemented by the owner of the users. */
public interface UserDirectory {

    /**
     * Finds a user.
     *
     * @param text the user's id, user name or e-mail address; the last two in any case
     * @return the user's id, or empty where nobody is known by this text
     */
    Optional<String> id(String text);

    /** Returns user names by id; a user who is not known is left out. */
    Map<String, String> usernames(Collection<String> userIds);
}
