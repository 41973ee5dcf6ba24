package io.perch.resourceserver.acts;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/** Keeps acts for good. */
@FunctionalInterface
public interface ActLog {

    /**
     * An act, and what it was done to.
     *
     * @param act the act
     * @param userId the owner of what was changed
     * @param taskId the task, or null where it was none
     * @param accountId the Twitter account, or null where it was none
     */
    record Entry(
            Act act,
            String userId,
            @Nullable String taskId,
            @Nullable String accountId) {}

    /**
     * Writes acts; one that is there already stays as it is. When this returns, they are stored.
     *
     * @throws DataAccessException if the database does not take them
     */
    void write(Collection<Entry> acts);
}
