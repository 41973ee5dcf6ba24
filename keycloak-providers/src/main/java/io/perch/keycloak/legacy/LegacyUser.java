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
 * A row of the old database; texts are null where it has none.
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

    /** The name to sign in with, as Keycloak writes it; empty where the row has neither name nor address. */
    Optional<String> login() {
        return Optional.ofNullable(username)
                .or(() -> Optional.ofNullable(email))
                .map(LegacyUser::lower);
    }

    /** The address as Keycloak writes it. */
    Optional<String> address() {
        return Optional.ofNullable(email).map(LegacyUser::lower);
    }

    /** Those that sign in with this name: a database may take letters for equal that are not, such as a for ä. */
    static List<LegacyUser> withLogin(List<LegacyUser> users, String name) {
        return with(LegacyUser::login, users, name);
    }

    /** Those that have this address, for the same reason. */
    static List<LegacyUser> withAddress(List<LegacyUser> users, String address) {
        return with(LegacyUser::address, users, address);
    }

    private static List<LegacyUser> with(
            Function<LegacyUser, Optional<String>> property, List<LegacyUser> users, String value) {
        Optional<String> meant = Optional.of(lower(value));
        return users.stream().filter(user -> property.apply(user).equals(meant)).toList();
    }

    /** The id in Keycloak: the same however often the row is read, and for a guess that came before the import. */
    String id(String componentId) {
        return UUID.nameUUIDFromBytes((componentId + ":" + row).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** The row without its hash and its person. */
    @Override
    public String toString() {
        return "row " + row;
    }
}
