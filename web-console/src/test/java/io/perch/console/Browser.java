package io.perch.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A browser for the tests: it has cookies and the headers of the console's pages. It does not follow redirects. */
final class Browser {

    private final String console;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final JsonMapper json = new JsonMapper();
    private final Map<String, String> cookies = new ConcurrentHashMap<>();
    private final List<String> setCookies = new ArrayList<>();

    Browser(int port) {
        console = "http://localhost:" + port;
    }

    /** Sends a GET request of a console page. */
    HttpResponse<String> get(String path) {
        return send("GET", path, null, Map.of("Sec-Fetch-Site", "same-origin"));
    }

    /** Sends a change of a console page, with its CSRF token. */
    HttpResponse<String> change(String method, String path, String body) {
        return send(
                method,
                path,
                body,
                Map.of("Sec-Fetch-Site", "same-origin", "X-CSRF-TOKEN", csrf(), "Content-Type", "application/json"));
    }

    String csrf() {
        return me().path("csrf").asString("");
    }

    JsonNode me() {
        return json.readTree(get("/bff/me").body());
    }

    HttpResponse<String> send(String method, String path, @Nullable String body, Map<String, String> headers) {
        try {
            HttpResponse<String> response = http.send(request(method, path, body, headers), BodyHandlers.ofString());
            take(response);
            return response;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Opens an event stream. The caller closes it. */
    HttpResponse<InputStream> open(String path) {
        try {
            return http.send(
                    request("GET", path, null, Map.of("Sec-Fetch-Site", "same-origin", "Accept", "text/event-stream")),
                    BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts a sign-in and returns the parameters of the authorization request. */
    Map<String, String> begin(String path) {
        HttpResponse<String> response = send("GET", path, null, Map.of());
        assertThat(response.statusCode()).isEqualTo(302);
        return Keycloak.form(URI.create(location(response)).getRawQuery());
    }

    /** Signs in and returns the response of the callback. */
    HttpResponse<String> signIn(Keycloak keycloak, Keycloak.Grant grant, String path) {
        Map<String, String> request = begin(path);
        return send(
                "GET",
                "/callback?code=" + keycloak.grant(request, grant) + "&state=" + request.get("state"),
                null,
                Map.of());
    }

    static Browser signedIn(int port, Keycloak keycloak, Keycloak.Grant grant) {
        Browser browser = new Browser(port);
        assertThat(location(browser.signIn(keycloak, grant, "/signin"))).endsWith("/logins");
        return browser;
    }

    static String location(HttpResponse<?> response) {
        return response.headers().firstValue("Location").orElse("");
    }

    Map<String, String> cookies() {
        return new TreeMap<>(cookies);
    }

    /** The value of a cookie, which must exist. */
    String cookie(String name) {
        return Objects.requireNonNull(cookies.get(name), name);
    }

    void setCookie(String name, String value) {
        cookies.put(name, value);
    }

    /** All Set-Cookie headers. */
    List<String> setCookies() {
        return setCookies;
    }

    private HttpRequest request(String method, String path, @Nullable String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(console + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request.build();
    }

    private void take(HttpResponse<?> response) {
        for (String header : response.headers().allValues("Set-Cookie")) {
            setCookies.add(header);
            String[] pair = header.split(";", 2)[0].split("=", 2);
            if (pair[1].isEmpty()) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        }
    }
}
