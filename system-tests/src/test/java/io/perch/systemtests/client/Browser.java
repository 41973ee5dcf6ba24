package io.perch.systemtests.client;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A simulated browser: the cookies of one user, and the sign-in form.
 *
 * <p>It stores cookies itself. {@code java.net.CookieManager} does not send {@code Secure} cookies over HTTP, but
 * browsers send them to loopback.
 */
public final class Browser {

    private static final Pattern SIGN_IN_FORM =
            Pattern.compile("<form[^>]*id=\"kc-form-login\"[^>]*action=\"([^\"]+)\"", Pattern.DOTALL);

    private static final int MAX_REDIRECTS = 10;

    private final Http http = new Http();
    private final Map<String, String> cookies = new HashMap<>();

    /** Opens an address and follows redirects. Returns the last page. */
    public Answer open(URI uri) {
        var answer = get(uri);
        for (var hops = 0; answer.header("Location").isPresent(); hops++) {
            if (hops == MAX_REDIRECTS) {
                throw new AssertionError("Redirect loop: " + answer.location());
            }
            answer = get(answer.location());
        }
        return answer;
    }

    public Answer get(URI uri) {
        return keepCookies(http.get(uri, cookieHeader()));
    }

    public Answer submit(URI uri, Map<String, String> form) {
        return keepCookies(http.post(uri, cookieHeader(), form));
    }

    /** Sends JSON with the browser's cookies. */
    public Answer json(String method, URI uri, Map<String, String> headers, String json) {
        var all = new HashMap<>(headers);
        all.putAll(cookieHeader());
        return keepCookies(http.json(method, uri, all, json));
    }

    /** Opens the authorization request and signs in. Returns the redirect to the client. */
    public Answer signIn(PerchRealm realm, Map<String, String> request, TestUser user) {
        return signIn(get(realm.authorizationEndpoint(request)), user);
    }

    /** Sends the page's sign-in form. A successful sign-in is answered with a redirect. */
    public Answer signIn(Answer page, TestUser user) {
        return submit(
                signInAction(page),
                Map.of("username", user.username(), "password", user.password(), "credentialId", ""));
    }

    /** The target of the page's sign-in form. Fails if the page has none. */
    public static URI signInAction(Answer page) {
        var form = SIGN_IN_FORM.matcher(page.body());
        if (!form.find()) {
            throw new AssertionError("No sign-in form but " + page.status() + ": " + page.body());
        }
        return URI.create(form.group(1).replace("&amp;", "&"));
    }

    public void setCookie(String name, String value) {
        cookies.put(name, value);
    }

    /** Removes a cookie and returns its value. Fails if the browser does not have it. */
    public String removeCookie(String name) {
        var value = cookies.remove(name);
        if (value == null) {
            throw new AssertionError("No cookie " + name + " in " + cookies.keySet());
        }
        return value;
    }

    private Map<String, String> cookieHeader() {
        var header = cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
        return header.isEmpty() ? Map.of() : Map.of("Cookie", header);
    }

    private Answer keepCookies(Answer answer) {
        answer.headers("Set-Cookie").forEach(line -> {
            var pair = line.split(";", 2)[0].split("=", 2);
            if (line.contains("Max-Age=0")) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        });
        return answer;
    }
}
