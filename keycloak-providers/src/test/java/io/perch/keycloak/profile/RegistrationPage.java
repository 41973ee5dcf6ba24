package io.perch.keycloak.profile;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keycloak's registration form, submitted over HTTP in the same way as by a browser. It follows no redirect. */
final class RegistrationPage {

    private static final Pattern FORM =
            Pattern.compile("<form[^>]*id=\"kc-register-form\"[^>]*action=\"([^\"]+)\"", Pattern.DOTALL);

    private final HttpClient browser = HttpClient.newHttpClient();
    private final URI action;
    private final String cookies;

    RegistrationPage(URI address) {
        HttpResponse<String> response = send(HttpRequest.newBuilder(address).build());
        Matcher form = FORM.matcher(response.body());
        if (!form.find()) {
            throw new IllegalStateException("No registration form in " + response.body());
        }
        action = URI.create(form.group(1).replace("&amp;", "&"));
        // Keycloak's cookies are Secure. Browsers send them on loopback, but Java's cookie handler does not
        cookies = response.headers().allValues("Set-Cookie").stream()
                .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                .collect(joining("; "));
    }

    /** The server's answer. */
    String submit(String username, String phoneNumber) {
        Map<String, String> fields = Map.of(
                "username",
                username,
                "email",
                username + "@perch.example",
                "firstName",
                "Ada",
                "lastName",
                "Perch",
                "password",
                "perch-demo-" + username,
                "password-confirm",
                "perch-demo-" + username,
                "phone_number",
                phoneNumber);
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(joining("&"));
        return send(HttpRequest.newBuilder(action)
                        .header("Cookie", cookies)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body))
                        .build())
                .body();
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return browser.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
