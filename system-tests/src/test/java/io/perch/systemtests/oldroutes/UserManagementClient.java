package io.perch.systemtests.oldroutes;

import io.perch.systemtests.client.Answer;
import java.net.URI;
import java.util.Map;

/** A client of the user management service. Its users have an e-mail address and no user name. */
final class UserManagementClient extends TokenClient {

    UserManagementClient(URI base) {
        super(base);
    }

    Answer register(String email, String password, String firstName, String lastName, String role) {
        return post(
                "/register",
                Map.of(
                        "email", email,
                        "password", password,
                        "first_name", firstName,
                        "last_name", lastName,
                        "role", role));
    }

    /** Signs in with the form of the password grant. FastAPI's clients send all of its fields. */
    Answer token(String email, String password) {
        return keepToken(form(
                "/token",
                Map.of(
                        "grant_type", "password",
                        "username", email,
                        "password", password,
                        "scope", "",
                        "client_id", "",
                        "client_secret", "")));
    }
}
