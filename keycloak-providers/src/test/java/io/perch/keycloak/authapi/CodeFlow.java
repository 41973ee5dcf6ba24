package io.perch.keycloak.authapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser's sign-in on Keycloak's page with client {@code cli}: one browser, one session. */
final class CodeFlow {

    private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]+)\"");
    private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");
    private static final Pattern SESSION = Pattern.compile("\"sid\":\"([^\"]+)\"");
    private static final String CALLBACK = AuthApiRealm.ORIGIN + "/callback";

    private final AuthApiRealm realm;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> cookies = new HashMap<>();

    CodeFlow(AuthApiRealm realm) {
        this.realm = realm;
    }

    /** Signs in and returns the token response. */
    Answer signIn(String username) {
        return finish("", "username=" + username + "&password=");
    }

    /** Signs the same user in again, with the parameter {@code max_age} that a client sends after a challenge. */
    Answer signInAgain(int maxAge) {
        return finish("&max_age=" + maxAge, "password=");
    }

    static String sessionOf(Answer tokens) {
        String claims = new String(
                Base64.getUrlDecoder().decode(tokens.text("access_token").split("\\.", -1)[1]), UTF_8);
        return find(SESSION, claims);
    }

    private Answer finish(String parameters, String fields) {
        HttpResponse<String> page = send(HttpRequest.newBuilder(realm.address(
                "/protocol/openid-connect/auth?client_id=cli&response_type=code&scope=openid&redirect_uri="
                        + encode(CALLBACK) + parameters)));
        HttpResponse<String> back = send(form(
                URI.create(find(FORM, page.body()).replace("&amp;", "&")), fields + encode(AuthApiRealm.PASSWORD)));
        String code = find(CODE, back.headers().firstValue("location").orElse(back.body()));
        return Answer.of(send(form(
                realm.address("/protocol/openid-connect/token"),
                "grant_type=authorization_code&client_id=cli&redirect_uri=" + encode(CALLBACK) + "&code=" + code)));
    }

    private static HttpRequest.Builder form(URI address, String fields) {
        return HttpRequest.newBuilder(address)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(fields));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            request.header("Cookie", String.join("; ", cookies.values()));
        }
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            // Set here, because Keycloak's cookies are Secure. A browser accepts them for this address, Java's client
            // does not
            response.headers().allValues("set-cookie").stream()
                    .map(cookie -> cookie.replaceFirst(";.*", ""))
                    .forEach(cookie -> cookies.put(cookie.replaceFirst("=.*", ""), cookie));
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException());
        }
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("No " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, UTF_8);
    }
}
