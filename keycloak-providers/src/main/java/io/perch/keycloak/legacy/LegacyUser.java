package io.perch.keycloak.legacy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A row of the old database. A text is null if the row has none.
 *
 * @param row the primary key, as text
 */
record LegacyUser(
        String row,
        @Nullable String email,
        @Nullable String username,
        @Nullable String hash,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String phone,
        @Nullable String role,
        boolean active,
        boolean verified,
        boolean superuser,
        @Nullable Instant createdAt) {

    /** The name for the sign-in, in Keycloak's lower case; empty if the row has neither name nor address. */
    Optional<String> login() {
        return Optional.ofNullable(username)
                .or(() -> Optional.ofNullable(email))
                .map(LegacyUser::lower);
    }

    /** The address, in Keycloak's lower case; empty if the row has none. */
    Optional<String> address() {
        return Optional.ofNullable(email).map(LegacyUser::lower);
    }

    /** The users who sign in with exactly this name. A database may treat different letters as equal, such as a and ä. */
    static List<LegacyUser> withLogin(List<LegacyUser> users, String name) {
        return with(LegacyUser::login, users, name);
    }

    /** The users who have exactly this address, for the same reason. */
    static List<LegacyUser> withAddress(List<LegacyUser> users, String address) {
        return with(LegacyUser::address, users, address);
    }

    private static List<LegacyUser> with(
            Function<LegacyUser, Optional<String>> property, List<LegacyUser> users, String value) {
        Optional<String> expected = Optional.of(lower(value));
        return users.stream()
                .filter(user -> property.apply(user).equals(expected))
                .toList();
    }

    /**
     * The user's id in Keycloak. It depends only on the component and the row's key. So it is the same every time the row is read,
     * also before the import.
     */
    String id(String componentId) {
        return UUID.nameUUIDFromBytes((componentId + ":" + row).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /**
     * Whether Keycloak stores both as the same name or address. It stores lower case. {@link String#equalsIgnoreCase} compares upper
     * case too, and so takes a dotless i for an i.
     *
     * @param stored what Keycloak has stored; null if it has none
     */
    static boolean isSame(String one, @Nullable String stored) {
        return stored != null && lower(one).equals(lower(stored));
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Only the row's key, without the hash and personal data. */
    @Override
    public String toString() {
        return "row " + row;
    }
}
