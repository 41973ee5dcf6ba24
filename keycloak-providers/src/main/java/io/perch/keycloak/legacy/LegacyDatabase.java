package io.perch.keycloak.legacy;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Read access to the users of an old service. Every call ends within its timeout. */
interface LegacyDatabase extends AutoCloseable {

    /**
     * The rows with this user name, ignoring case. If the old service has no user names, the rows with this e-mail address. Not all
     * rows are returned if there are many.
     *
     * @throws LegacyDatabaseException if the database does not answer in time
     */
    List<LegacyUser> byUsername(String username);

    /** The rows with this e-mail address, ignoring case. Not all rows are returned if there are many. */
    List<LegacyUser> byEmail(String email);

    /**
     * A chunk of all rows, in the order of their keys.
     *
     * @param after the key of the last row of the previous chunk; null for the first chunk
     * @param since only rows that were created or changed since then, as far as the columns show it; null for all
     */
    List<LegacyUser> chunk(@Nullable String after, @Nullable Instant since, int size);

    /** The number of rows; it may be an estimate. */
    long count();

    /**
     * Checks that the table and its columns exist.
     *
     * @throws LegacyDatabaseException if they do not, or the database does not answer in time
     */
    void check();

    /**
     * The indexes for lookups that the database lacks.
     *
     * @throws LegacyDatabaseException if the database does not answer in time, or does not say it
     */
    List<MissingIndex> missingIndexes();

    @Override
    void close();
}
