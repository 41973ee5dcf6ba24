package io.perch.keycloak.legacy;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The users of an old service, only read. Every call ends within the time that is configured. */
interface LegacyDatabase extends AutoCloseable {

    /**
     * The rows with this user name in any case, of many a few. Where the old service has no user names, those with this
     * e-mail address.
     *
     * @throws LegacyDatabaseException where the database does not answer, or not in time
     */
    List<LegacyUser> byUsername(String username);

    /** The rows with this e-mail address in any case, of many a few. */
    List<LegacyUser> byEmail(String email);

    /**
     * A chunk of all rows, in the order of their keys.
     *
     * @param after the key of the last row before them; null for the first chunk
     * @param since only rows that are newer or were changed since, as far as the database knows; null for all
     */
    List<LegacyUser> chunk(@Nullable String after, @Nullable Instant since, int size);

    /** How many rows there are. */
    long count();

    /** Asks for every column without reading a row. */
    void check();

    @Override
    void close();
}
