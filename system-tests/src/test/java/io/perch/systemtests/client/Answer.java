package io.perch.systemtests.client;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A complete HTTP response. */
public record Answer(int status, Map<String, List<String>> headers, String body) {

    private static final JsonMapper JSON = new JsonMapper();

    public static Answer of(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.headers().map(), response.body());
    }

    public JsonNode json() {
        return JSON.readTree(body);
    }

    /** A field of the JSON body, or an empty string if it is missing. */
    public String field(String name) {
        return json().path(name).asString("");
    }

    /** The first value of a header. The case of its name does not matter. */
    public Optional<String> header(String name) {
        return headers(name).findFirst();
    }

    public Stream<String> headers(String name) {
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .flatMap(header -> header.getValue().stream());
    }

    /** The redirect target. Fails if there is none. */
    public URI location() {
        return header("Location")
                .map(URI::create)
                .orElseThrow(() -> new AssertionError("No redirect but " + status + ": " + body));
    }

    /** The query parameters of {@link #location()}. */
    public Map<String, String> redirectParameters() {
        return Stream.of(
                        Optional.ofNullable(location().getRawQuery()).orElse("").split("&", -1))
                .filter(pair -> pair.contains("="))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> decode(pair[1])));
    }

    private static String decode(String value) {
        return URLDecoder.decode(value, StandardCharsets.UTF_8);
    }
}
