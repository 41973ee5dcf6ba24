package io.perch.systemtests.oldroutes;

import io.perch.systemtests.client.Answer;
import java.net.URI;
import java.util.Map;

/** A client of the Twitter login service. */
final class TwitterLoginClient extends TokenClient {

    TwitterLoginClient(URI base) {
        super(base);
    }

    Answer welcome() {
        return get("/");
    }

    Answer register(String username, String password) {
        return keepToken(post("/register", Map.of("username", username, "password", password)));
    }

    Answer login(String username, String password) {
        return keepToken(post("/login", Map.of("username", username, "password", password)));
    }

    /** Sends the example of the service's document. */
    Answer twitterLogin() {
        return post(
                "/twitter-login",
                Map.of(
                        "username", "testuser",
                        "password", "p@ssw0rd!",
                        "phone_number", "+1234567890",
                        "email", "test@example.com"));
    }
}
