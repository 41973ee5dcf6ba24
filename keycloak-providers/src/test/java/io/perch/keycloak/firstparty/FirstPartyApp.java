package io.perch.keycloak.firstparty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.perch.keycloak.DpopKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An app that signs its users in on screens of its own. */
final class FirstPartyApp {

    /** The verifier of RFC 7636, appendix B, and its challenge. */
    static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final URI realm;
    private final String client;
    private final @Nullable DpopKey key;

    FirstPartyApp(FirstPartyRealm realm, String client) {
        this(realm, client, null);
    }

    /** With a key, every request has a proof. */
    FirstPartyApp(FirstPartyRealm realm, String client, @Nullable DpopKey key) {
        this(realm.address(""), client, key);
    }

    private FirstPartyApp(URI realm, String client, @Nullable DpopKey key) {
        this.realm = realm;
        this.client = client;
        this.key = key;
    }

    /** The same app, whose requests go to another node of the server. */
    FirstPartyApp at(URI node) {
        return new FirstPartyApp(node.resolve(realm.getPath()), client, key);
    }

    /** The first request, with more parameters as {@code name, value}. */
    AppAnswer start(String... more) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("client_id", client);
        form.put("response_type", "code");
        form.put("scope", "openid");
        form.put("code_challenge", CHALLENGE);
        form.put("code_challenge_method", "S256");
        put(form, more);
        return challenge(form);
    }

    /** A step in the flow of the answer before. */
    AppAnswer step(AppAnswer before, String... members) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("client_id", client);
        form.put("auth_session", before.authSession());
        put(form, members);
        return challenge(form);
    }

    /** Name and password, in a flow of its own. */
    AppAnswer signIn(String username, String password, String... more) {
        return step(start(more), "username", username, "password", password);
    }

    /** Exchanges the code for tokens; as the draft has it, without {@code redirect_uri}. */
    AppAnswer redeem(AppAnswer done, String... more) {
        return redeemCode(done.text("authorization_code"), more);
    }

    /** Exchanges a code for tokens. */
    AppAnswer redeemCode(String code, String... more) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("client_id", client);
        form.put("code", code);
        form.put("code_verifier", VERIFIER);
        put(form, more);
        return token(form);
    }

    /** Gets new tokens for the refresh token of this answer. */
    AppAnswer refresh(AppAnswer tokens) {
        return token(new LinkedHashMap<>(Map.of(
                "grant_type", "refresh_token", "client_id", client, "refresh_token", tokens.text("refresh_token"))));
    }

    AppAnswer token(Map<String, String> form) {
        return post(URI.create(realm + "/protocol/openid-connect/token"), form);
    }

    /** The endpoint with this form. */
    AppAnswer challenge(Map<String, String> form) {
        return post(endpoint(), form);
    }

    URI endpoint() {
        return URI.create(realm + "/authorization-challenge");
    }

    private AppAnswer post(URI address, Map<String, String> form) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encode(form)));
        if (key != null) {
            request.header("DPoP", key.proof("POST", address));
        }
        return send(request.build());
    }

    static AppAnswer send(HttpRequest request) {
        try {
            return AppAnswer.of(HTTP.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException());
        }
    }

    static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(pair -> URLEncoder.encode(pair.getKey(), UTF_8) + "=" + URLEncoder.encode(pair.getValue(), UTF_8))
                .collect(joining("&"));
    }

    private static void put(Map<String, String> form, String... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            form.put(pairs[i], pairs[i + 1]);
        }
        form.values().removeIf(String::isEmpty);
    }
}
