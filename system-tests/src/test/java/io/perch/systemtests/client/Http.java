package io.perch.systemtests.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A plain HTTP client that follows no redirects and stores no cookies. */
public final class Http {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();

    public Answer get(URI uri, Map<String, String> headers) {
        return send("GET", uri, headers, BodyPublishers.noBody());
    }

    public Answer post(URI uri, Map<String, String> headers, Map<String, String> form) {
        var all = new HashMap<>(headers);
        all.put("Content-Type", "application/x-www-form-urlencoded");
        return send("POST", uri, all, BodyPublishers.ofString(encode(form)));
    }

    /** Sends JSON with this method. */
    public Answer json(String method, URI uri, Map<String, String> headers, String json) {
        var all = new HashMap<>(headers);
        all.put("Content-Type", "application/json");
        return send(method, uri, all, BodyPublishers.ofString(json));
    }

    /** Sends a body. The headers have its type. */
    public Answer send(String method, URI uri, Map<String, String> headers, String body) {
        return send(method, uri, headers, BodyPublishers.ofString(body));
    }

    public Answer delete(URI uri, Map<String, String> headers) {
        return send("DELETE", uri, headers, BodyPublishers.noBody());
    }

    /** Encodes parameters for a form or a query. */
    public static String encode(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private Answer send(String method, URI uri, Map<String, String> headers, BodyPublisher body) {
        var request = HttpRequest.newBuilder(uri).timeout(LIMIT).method(method, body);
        headers.forEach(request::header);
        try {
            return Answer.of(client.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
