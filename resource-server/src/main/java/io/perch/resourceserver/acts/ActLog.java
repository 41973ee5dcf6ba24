package io.perch.resourceserver.acts;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/** Stores acts permanently. */
@FunctionalInterface
public interface ActLog {

    /**
     * An act and the objects that it changed.
     *
     * @param act the act
     * @param userId the owner of the changed objects
     * @param taskId the task; null if none was changed
     * @param accountId the Twitter account; null if none was changed
     */
    record Entry(
            Act act,
            String userId,
            @Nullable String taskId,
            @Nullable String accountId) {}

    /**
     * Stores acts. An act that is already stored is not changed. When this returns, all are stored.
     *
     * @throws DataAccessException if the database does not accept them
     */
    void write(Collection<Entry> acts);
}
