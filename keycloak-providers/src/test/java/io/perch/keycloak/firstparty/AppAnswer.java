package io.perch.keycloak.firstparty;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perch.keycloak.ChallengeAnswerSchema;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.StreamSupport;

/** What the server answered. Each answer of the challenge endpoint is compared with its published schema. */
record AppAnswer(int status, HttpHeaders headers, String body) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static AppAnswer of(HttpResponse<String> response) {
        if (response.uri().getPath().endsWith("/" + FirstPartyAppsProviderFactory.PROVIDER_ID)) {
            ChallengeAnswerSchema.check(response.statusCode(), response.body());
        }
        return new AppAnswer(response.statusCode(), response.headers(), response.body());
    }

    JsonNode json() {
        return read(body);
    }

    String text(String member) {
        return json().path(member).asText();
    }

    String error() {
        return text("error");
    }

    String authSession() {
        return text("auth_session");
    }

    /** The type of the step that comes next. */
    String step() {
        return json().path("challenge").path("type").asText();
    }

    List<String> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    boolean failed() {
        return json().path("step_failed").asBoolean();
    }

    /** Whether the flow has ended with a code. */
    boolean isDone() {
        return status == 200 && json().hasNonNull("authorization_code");
    }

    /** The claims of a JWT in the answer. */
    JsonNode claims(String token) {
        return read(new String(Base64.getUrlDecoder().decode(text(token).split("\\.", -1)[1]), StandardCharsets.UTF_8));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }
}
