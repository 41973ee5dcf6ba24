package io.perch.keycloak.legacy;

import java.util.List;
import java.util.Optional;

/** The lookups of single users, with the limits of their input. */
abstract class UserLookups implements LegacyDatabase {

    /** The timeout of queries for many rows. No sign-in waits for these. */
    static final int BULK_TIMEOUT_MILLIS = 60_000;

    /** The most rows that a query for one user reads. More than one match is a conflict, but not every row read is a match. */
    static final int MAX_MATCHES = 20;

    // The longest name in Keycloak
    private static final int MAX_LENGTH = 255;

    /** The settings of the database. */
    final Settings settings;

    UserLookups(Settings settings) {
        this.settings = settings;
    }

    @Override
    public final List<LegacyUser> byUsername(String username) {
        return LegacyUser.withLogin(by(settings.login(), username), username);
    }

    @Override
    public final List<LegacyUser> byEmail(String email) {
        return LegacyUser.withAddress(by(Field.EMAIL, email), email);
    }

    private List<LegacyUser> by(Field field, String value) {
        Optional<String> column = settings.column(field);
        return column.isEmpty() || value.length() > MAX_LENGTH || value.indexOf('\0') >= 0
                ? List.of()
                : matches(column.get(), value);
    }

    /**
     * The rows with a value in any case and with any blanks around it, and perhaps others; at most {@link #MAX_MATCHES}.
     *
     * @param value has at most 255 characters, and none of them is NUL
     * @throws LegacyDatabaseException if the database does not answer in time
     */
    abstract List<LegacyUser> matches(String column, String value);
}
