package io.perch.keycloak.authapi;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** A realm's auth API over HTTP. Every answer is compared with the OpenAPI document. */
final class AuthApi {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final URI base;

    /** The API at this address, without a slash at the end. */
    AuthApi(URI base) {
        this.base = base;
    }

    Answer post(String path, String json, String... headers) {
        return send("POST", path, json, headers);
    }

    Answer put(String path, String json, String... headers) {
        return send("PUT", path, json, headers);
    }

    Answer get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    Answer delete(String path, String... headers) {
        return send("DELETE", path, "", headers);
    }

    Answer login(String username, String password) {
        return post("/login", "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(username, password));
    }

    Answer refresh(String refreshToken) {
        return post("/refresh", "{\"refresh_token\":\"%s\"}".formatted(refreshToken));
    }

    /** Any request; the body is JSON unless a header says otherwise. */
    Answer send(String method, String path, String body, String... headers) {
        Answer answer = sendAnywhere(URI.create(base + path), method, body, headers);
        if (!method.equals("OPTIONS")) {
            Contract.check(method, path, answer);
        }
        return answer;
    }

    URI address(String path) {
        return URI.create(base + path);
    }

    static String[] bearer(Answer tokens) {
        return new String[] {"Authorization", "Bearer " + tokens.text("access_token")};
    }

    static Answer sendAnywhere(URI address, String method, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            return Answer.of(HTTP.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException());
        }
    }
}
