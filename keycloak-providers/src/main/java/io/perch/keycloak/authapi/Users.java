package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;

/** {@code /users}: all accounts, for administrators. */
final class Users {

    /** The realm role that a token must have. */
    private static final String ADMIN = "admin";

    private static final int DEFAULT_PAGE = 20;
    private static final int MAX_PAGE = 100;

    private Users() {}

    static Response list(Call call) {
        Caller caller = Caller.of(call);
        if (!caller.hasRealmRole(ADMIN)) {
            throw ProblemException.of(ProblemType.FORBIDDEN, "The role admin is needed");
        }
        List<FieldError> errors = new ArrayList<>();
        int first = number(call, "first", 0, 0, Integer.MAX_VALUE, errors);
        int max = number(call, "max", DEFAULT_PAGE, 1, MAX_PAGE, errors);
        String search = call.query("search").orElse("");
        if (search.length() > Fields.MAX_LENGTH || search.chars().anyMatch(Character::isISOControl)) {
            errors.add(new FieldError("?search", "is too long or has control characters"));
        }
        if (!errors.isEmpty()) {
            throw ProblemException.of(errors);
        }
        return Answers.ok(page(call, search, first, max));
    }

    private static Page page(Call call, String search, int first, int max) {
        KeycloakSession session = call.session();
        Map<String, String> query = new HashMap<>(Map.of(UserModel.INCLUDE_SERVICE_ACCOUNT, "false"));
        if (!search.isBlank()) {
            query.put(UserModel.SEARCH, search);
        }
        List<ProfileAnswer> users = session.users()
                .searchForUserStream(call.realm(), query, first, max)
                .map(user -> ProfileAnswer.forAdmin(session, user))
                .toList();
        return new Page(users, session.users().getUsersCount(call.realm(), query));
    }

    private static int number(Call call, String name, int defaultValue, int min, int max, List<FieldError> errors) {
        OptionalInt value = call.query(name).map(Users::parse).orElse(OptionalInt.of(defaultValue));
        if (value.isEmpty() || value.getAsInt() < min || value.getAsInt() > max) {
            errors.add(new FieldError("?" + name, "is no number from " + min + " to " + max));
        }
        return value.orElse(defaultValue);
    }

    private static OptionalInt parse(String text) {
        try {
            return OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private record Page(List<ProfileAnswer> users, int total) {}
}
