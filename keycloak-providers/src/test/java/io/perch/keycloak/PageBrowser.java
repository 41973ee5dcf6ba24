package io.perch.keycloak;

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

/** A browser without scripts: keeps cookies, follows redirects within the server, submits the page's form. */
public final class PageBrowser {

    private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]+)\"", Pattern.DOTALL);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private URI address = URI.create("about:blank");
    private String page = "";

    /** Opens a page and returns it. */
    public String open(URI to) {
        return follow(send(HttpRequest.newBuilder(to).build()));
    }

    /** Sends a request, keeps the cookies that it sets, and returns the page. */
    public String open(HttpRequest request) {
        return follow(send(request));
    }

    /** Submits the first form of the page with fields as {@code name, value, name, value}. */
    public String submit(String... fields) {
        Matcher form = FORM.matcher(page);
        if (!form.find()) {
            throw new AssertionError("No form in " + page);
        }
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            body.append(i == 0 ? "" : "&")
                    .append(fields[i])
                    .append('=')
                    .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
        }
        return follow(send(HttpRequest.newBuilder(address.resolve(form.group(1).replace("&amp;", "&")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body.toString()))
                .build()));
    }

    /** Removes a cookie and returns its value. */
    public String removeCookie(String cookie) {
        String value = cookies.remove(cookie);
        if (value == null) {
            throw new AssertionError("No cookie " + cookie + " among " + cookies.keySet());
        }
        return value;
    }

    /** Whether there is a cookie. */
    public boolean has(String cookie) {
        return cookies.containsKey(cookie);
    }

    /** Sets a cookie. */
    public void remember(String cookie, String value) {
        cookies.put(cookie, value);
    }

    /** The address of the page's link that contains this text. */
    public URI link(String part) {
        Matcher link = Pattern.compile("href=\"([^\"]*" + part + "[^\"]*)\"").matcher(page);
        if (!link.find()) {
            throw new AssertionError("No link " + part + " in " + page);
        }
        return address.resolve(link.group(1).replace("&amp;", "&"));
    }

    /** The current address. A page outside of the server is not requested. */
    public URI address() {
        return address;
    }

    private String follow(HttpResponse<String> response) {
        HttpResponse<String> answer = response;
        while (answer.statusCode() / 100 == 3) {
            URI to =
                    answer.uri().resolve(answer.headers().firstValue("Location").orElseThrow());
            address = to;
            if (to.getPath().equals("/app")) {
                page = "";
                return page;
            }
            answer = send(HttpRequest.newBuilder(to).build());
        }
        address = answer.uri();
        page = answer.body();
        return page;
    }

    private HttpResponse<String> send(HttpRequest request) {
        HttpRequest.Builder withCookies = HttpRequest.newBuilder(request, (name, value) -> true);
        if (!cookies.isEmpty()) {
            withCookies.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(joining("; ")));
        }
        try {
            HttpResponse<String> response =
                    http.send(withCookies.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(String cookie) {
        String pair = cookie.substring(0, cookie.indexOf(';'));
        int equals = pair.indexOf('=');
        cookies.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
}
