package io.perch.localstack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;

/** Waits until a child process answers HTTP requests. */
final class Readiness {

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /**
     * Returns as soon as {@code url} answers 200.
     *
     * @throws IOException if the process ends before that, or if the limit is reached
     */
    void await(ChildProcess process, URI url, Duration limit) throws IOException, InterruptedException {
        var end = Instant.now().plus(limit);
        while (!answersOk(url)) {
            if (!process.isAlive()) {
                throw new IOException(process.exitDescription());
            }
            if (Instant.now().isAfter(end)) {
                throw new IOException("was not ready after " + limit.toSeconds() + " s");
            }
            process.recordProcesses();
            // A server sends no signal when it is ready, so it is polled
            Thread.sleep(PAUSE.toMillis());
        }
        process.recordProcesses();
    }

    private boolean answersOk(URI url) throws InterruptedException {
        var request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(5)).build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            // No server listens yet
            return false;
        }
    }
}
