package io.perch.systemtests.oldroutes;

import io.perch.systemtests.client.Answer;
import java.net.URI;
import java.util.Map;

/** A client that sends the latest {@code access_token} with each request, like an interceptor of a front end. */
abstract class TokenClient extends ServiceClient {

    private String accessToken = "";

    TokenClient(URI base) {
        super(base);
    }

    @Override
    Map<String, String> credentials() {
        return accessToken.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + accessToken);
    }

    /** Stores the token of a successful response if it has one. */
    Answer keepToken(Answer answer) {
        if (answer.status() < 300 && !answer.field("access_token").isEmpty()) {
            accessToken = answer.field("access_token");
        }
        return answer;
    }
}
