package io.perch.localstack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;

/** Waits until a child process says by HTTP that it serves. */
final class Readiness {

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /**
     * Returns as soon as {@code url} answers 200.
     *
     * @throws IOException if the process ends before, or the limit is over
     */
    void await(ChildProcess process, URI url, Duration limit) throws IOException, InterruptedException {
        var end = Instant.now().plus(limit);
        while (!answersOk(url)) {
            if (!process.isAlive()) {
                throw new IOException(process.ending());
            }
            if (Instant.now().isAfter(end)) {
                throw new IOException("was not ready after " + limit.toSeconds() + " s");
            }
            process.note();
            // A server gives no signal when it is ready, so it is polled
            Thread.sleep(PAUSE.toMillis());
        }
        process.note();
    }

    private boolean answersOk(URI url) throws InterruptedException {
        var request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(5)).build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            // Nobody listens yet
            return false;
        }
    }
}
