package io.perch.keycloak;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Sign-ins by {@code grant_type=password}, with a client that every realm has. */
public final class DirectGrant {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final URI tokenEndpoint;

    /** Sign-ins to a realm. The server's address has no slash at the end. */
    public DirectGrant(String server, String realm) {
        this.tokenEndpoint = URI.create(server + "/realms/" + realm + "/protocol/openid-connect/token");
    }

    /** The status of the answer: 200 with tokens, 400 if user name or password is wrong. */
    public int signIn(String username, String password) throws IOException, InterruptedException {
        return answer(username, password).statusCode();
    }

    /** The whole answer. */
    public HttpResponse<String> answer(String username, String password) throws IOException, InterruptedException {
        String form = "grant_type=password&client_id=admin-cli&scope=openid&username=" + encode(username) + "&password="
                + encode(password);
        return HTTP.send(
                HttpRequest.newBuilder(tokenEndpoint)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
