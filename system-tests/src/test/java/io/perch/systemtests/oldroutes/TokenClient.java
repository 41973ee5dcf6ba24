package io.perch.systemtests.oldroutes;

import io.perch.systemtests.client.Answer;
import java.net.URI;
import java.util.Map;

/** A client that sends the latest {@code access_token} with whatever it asks for, as a front end's interceptor does. */
abstract class TokenClient extends ServiceClient {

    private String accessToken = "";

    TokenClient(URI base) {
        super(base);
    }

    @Override
    Map<String, String> credentials() {
        return accessToken.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + accessToken);
    }

    /** Keeps the answer's token, where it has one. */
    Answer keepToken(Answer answer) {
        if (answer.status() < 300 && !answer.field("access_token").isEmpty()) {
            accessToken = answer.field("access_token");
        }
        return answer;
    }
}
