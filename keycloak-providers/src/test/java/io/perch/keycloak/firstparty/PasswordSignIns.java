package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Sign-ins with a password, from nothing to tokens, by the same public client with PKCE. No cookie is kept from one
 * to the next. Unlike {@link FirstPartyApp}, it does not compare answers with their schema, so that it takes little
 * time itself.
 */
final class PasswordSignIns {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]+)\"");
    private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");
    private static final int OK = 200;
    private static final int FOUND = 302;
    private static final int FORBIDDEN = 403;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final FirstPartyRealm realm;
    private final URI challenges;
    private final URI tokens;

    PasswordSignIns(FirstPartyRealm realm) {
        this.realm = realm;
        this.challenges = realm.address("/" + FirstPartyAppsProviderFactory.PROVIDER_ID);
        this.tokens = realm.address("/protocol/openid-connect/token");
    }

    /** The first request to the challenge endpoint has name and password; two requests with the token request. */
    void inFirstRequest(String user) throws IOException, InterruptedException {
        Map<String, String> form = authorizationRequest();
        form.putAll(credentials(user));
        redeem(code(post(challenges, form, "")), Map.of());
    }

    /** Name and password are a step of their own; three requests. */
    void inOwnStep(String user) throws IOException, InterruptedException {
        HttpResponse<String> start = post(challenges, authorizationRequest(), "");
        assertEquals(FORBIDDEN, start.statusCode(), start.body());
        Map<String, String> form = new LinkedHashMap<>(credentials(user));
        form.put("client_id", FirstPartyRealm.APP);
        form.put(
                "auth_session", JSON.readTree(start.body()).path("auth_session").asText());
        redeem(code(post(challenges, form, "")), Map.of());
    }

    /** The pages without their style sheets and scripts; three requests. */
    void onPage(String user) throws IOException, InterruptedException {
        Map<String, String> query = authorizationRequest();
        query.put("redirect_uri", FirstPartyRealm.CALLBACK);
        HttpResponse<String> page = send(HttpRequest.newBuilder(
                        URI.create(realm.address("/protocol/openid-connect/auth") + "?" + FirstPartyApp.encode(query)))
                .build());
        Matcher form = FORM.matcher(page.body());
        assertTrue(form.find(), page::body);
        String cookies = page.headers().allValues("set-cookie").stream()
                .map(cookie -> cookie.replaceFirst(";.*", ""))
                .collect(Collectors.joining("; "));
        HttpResponse<String> back = post(URI.create(form.group(1).replace("&amp;", "&")), credentials(user), cookies);
        assertEquals(FOUND, back.statusCode(), back.body());
        Matcher code = CODE.matcher(back.headers().firstValue("location").orElseThrow());
        assertTrue(code.find());
        redeem(code.group(1), Map.of("redirect_uri", FirstPartyRealm.CALLBACK));
    }

    private static Map<String, String> authorizationRequest() {
        Map<String, String> request = new LinkedHashMap<>();
        request.put("client_id", FirstPartyRealm.APP);
        request.put("response_type", "code");
        request.put("scope", "openid");
        request.put("code_challenge", FirstPartyApp.CHALLENGE);
        request.put("code_challenge_method", "S256");
        return request;
    }

    private static Map<String, String> credentials(String user) {
        return Map.of("username", user, "password", FirstPartyRealm.PASSWORD);
    }

    private static String code(HttpResponse<String> answer) throws IOException {
        assertEquals(OK, answer.statusCode(), answer.body());
        return JSON.readTree(answer.body()).path("authorization_code").asText();
    }

    private void redeem(String code, Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> form = new LinkedHashMap<>(more);
        form.put("grant_type", "authorization_code");
        form.put("client_id", FirstPartyRealm.APP);
        form.put("code", code);
        form.put("code_verifier", FirstPartyApp.VERIFIER);
        HttpResponse<String> answer = post(tokens, form, "");
        assertEquals(OK, answer.statusCode(), answer.body());
        assertTrue(JSON.readTree(answer.body()).hasNonNull("refresh_token"), answer.body());
    }

    private HttpResponse<String> post(URI address, Map<String, String> form, String cookies)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(FirstPartyApp.encode(form)));
        if (!cookies.isEmpty()) {
            request.header("Cookie", cookies);
        }
        return send(request.build());
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, BodyHandlers.ofString());
    }
}
