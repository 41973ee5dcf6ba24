package io.perch.systemtests.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JWT. The signature is not checked. */
public record Token(JsonNode header, JsonNode claims) {

    private static final JsonMapper JSON = new JsonMapper();

    public static Token read(String jwt) {
        var parts = jwt.split("\\.", -1);
        return new Token(decode(parts[0]), decode(parts[1]));
    }

    /** The access token of a token response. Fails if the response has none. */
    public static Token access(Answer answer) {
        if (answer.status() != 200) {
            throw new AssertionError("No token but " + answer.status() + ": " + answer.body());
        }
        return read(answer.field("access_token"));
    }

    public String claim(String name) {
        return claims.path(name).asString("");
    }

    public long seconds(String name) {
        return claims.path(name).asLong();
    }

    public List<String> realmRoles() {
        return strings(claims.path("realm_access").path("roles"));
    }

    /** The audience. In a JWT it is one string or an array. */
    public List<String> audience() {
        var aud = claims.path("aud");
        return aud.isArray() ? strings(aud) : List.of(aud.asString(""));
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(node -> node.asString("")).toList();
    }

    private static JsonNode decode(String part) {
        return JSON.readTree(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }
}
