package io.perch.keycloak.emailcode;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The calls of a realm's auth API with codes. */
final class CodesApi {

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private final List<String> headers;

    CodesApi(URI server, CodesRealm realm) {
        this(server.resolve("/realms/" + realm.name + "/auth-api/v1/"), List.of("Content-Type", "application/json"));
    }

    private CodesApi(URI base, List<String> headers) {
        this.base = base;
        this.headers = headers;
    }

    /** The same API for a client with another network address. The server must trust {@code X-Forwarded-For}. */
    CodesApi from(String address) {
        return new CodesApi(
                base,
                Stream.concat(headers.stream(), Stream.of("X-Forwarded-For", address))
                        .toList());
    }

    /** Posts members as {@code name, value, name, value} and returns the status. */
    int post(String call, String... members) throws IOException, InterruptedException {
        return http.send(request(call, members), BodyHandlers.discarding()).statusCode();
    }

    /** The same, many times at once; returns all statuses. */
    List<Integer> postAtOnce(int times, String call, String... members) {
        HttpRequest request = request(call, members);
        List<CompletableFuture<Integer>> answers = IntStream.range(0, times)
                .mapToObj(
                        i -> http.sendAsync(request, BodyHandlers.discarding()).thenApply(HttpResponse::statusCode))
                .toList();
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private HttpRequest request(String call, String... members) {
        String body = IntStream.range(0, members.length / 2)
                .mapToObj(i -> Stream.of(members[2 * i], members[2 * i + 1])
                        .map(text -> '"' + text + '"')
                        .collect(joining(": ")))
                .collect(joining(", ", "{", "}"));
        return HttpRequest.newBuilder(base.resolve(call))
                .headers(headers.toArray(String[]::new))
                .POST(BodyPublishers.ofString(body))
                .build();
    }
}
