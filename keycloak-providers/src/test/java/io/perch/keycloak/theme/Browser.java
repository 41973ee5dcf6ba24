package io.perch.keycloak.theme;

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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a browser that Keycloak's pages need without scripts: cookies, redirects within the server, and forms. */
final class Browser {

    private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]+)\"");

    private final HttpClient client = HttpClient.newHttpClient();
    // Keycloak's cookies are Secure. Browsers send them on loopback, but Java's cookie handler does not
    private final Map<String, String> cookies = new LinkedHashMap<>();

    HttpResponse<String> open(URI address) {
        return follow(send(HttpRequest.newBuilder(address)));
    }

    /** Submits the only form of a page and returns the server's answer. */
    HttpResponse<String> submit(HttpResponse<String> page, Map<String, String> fields) {
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(joining("&"));
        return follow(send(HttpRequest.newBuilder(page.uri().resolve(found(FORM, page)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body))));
    }

    /** Opens the address in an attribute of a page, such as {@code href}. The address must contain the given part. */
    HttpResponse<String> openLinked(HttpResponse<String> page, String attribute, String part) {
        Pattern link = Pattern.compile(attribute + "=\"([^\"]*" + Pattern.quote(part) + "[^\"]*)\"");
        return open(page.uri().resolve(found(link, page)));
    }

    private static String found(Pattern pattern, HttpResponse<String> page) {
        Matcher matcher = pattern.matcher(page.body());
        if (!matcher.find()) {
            throw new IllegalStateException("No " + pattern + " in " + page.body());
        }
        return matcher.group(1).replace("&amp;", "&");
    }

    private HttpResponse<String> follow(HttpResponse<String> answer) {
        HttpResponse<String> page = answer;
        while (page.statusCode() == 302) {
            URI next = page.uri().resolve(page.headers().firstValue("Location").orElseThrow());
            if (next.getPort() != page.uri().getPort()) {
                return page;
            }
            page = send(HttpRequest.newBuilder(next));
        }
        return page;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        String jar = cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(joining("; "));
        if (!jar.isEmpty()) {
            request.header("Cookie", jar);
        }
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            answer.headers().allValues("Set-Cookie").forEach(this::keep);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(String cookie) {
        String[] pair = cookie.substring(0, (cookie + ";").indexOf(';')).split("=", 2);
        cookies.put(pair[0], pair[1]);
    }
}
