package io.perch.systemtests.oldroutes;

import io.perch.systemtests.client.Answer;
import java.net.URI;
import java.util.Map;

/** A client of the user authentication service. */
final class UserAuthenticationClient extends TokenClient {

    UserAuthenticationClient(URI base) {
        super(base);
    }

    Answer signup(String username, String password) {
        return keepToken(post("/api/v1/auth/signup", Map.of("username", username, "password", password)));
    }

    Answer signin(String username, String password) {
        return keepToken(post("/api/v1/auth/signin", Map.of("username", username, "password", password)));
    }
}
