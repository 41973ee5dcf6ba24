package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.PackagedProviders;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/**
 * Measures logins a second, and the time of one, for the API and for the token endpoint's direct grant. Both use the same users,
 * client, server and connections. They alternate, so that other load on the machine affects both. It only prints the results, and
 * the build does not run it. The README has its command.
 */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class LoginBenchmark extends AuthApiInAServer {

    private static final Logger LOG = Logger.getLogger(LoginBenchmark.class);

    private static final int USERS = 20;
    private static final int THREADS = 4;
    private static final int ROUNDS = Integer.getInteger("perch.benchmark.rounds", 100);
    private static final int LOGINS_OF_A_ROUND = 40;
    private static final int LOGINS_ONE_BY_ONE = 400;
    private static final int WARM_UP_ROUNDS = 25;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void loginBesideTheDirectGrant() throws Exception {
        IntStream.range(0, USERS).forEach(i -> realm.user(name(i)));
        IntFunction<HttpRequest> login = this::login;
        IntFunction<HttpRequest> grant = this::directGrant;
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                round(threads, login);
                round(threads, grant);
            }
            compareThroughput(threads, login, grant);
        } finally {
            threads.shutdown();
        }
        compareLatency(login, grant);
    }

    private void compareThroughput(
            ExecutorService threads, IntFunction<HttpRequest> login, IntFunction<HttpRequest> grant) throws Exception {
        double[] logins = new double[ROUNDS];
        double[] grants = new double[ROUNDS];
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            // The order alternates, so that garbage collection after one does not always slow down the other
            boolean loginFirst = i % 2 == 0;
            double first = round(threads, loginFirst ? login : grant);
            double second = round(threads, loginFirst ? grant : login);
            logins[i] = loginFirst ? first : second;
            grants[i] = loginFirst ? second : first;
            ratios[i] = logins[i] / grants[i];
            LOG.infof("benchmark round %d: login %.1f/s, direct grant %.1f/s", i + 1, logins[i], grants[i]);
        }
        LOG.infof(
                "benchmark throughput, %d threads, medians of %d rounds of %d: login %.1f/s, direct grant %.1f/s, ratio %.3f; median of the rounds' ratios %.3f",
                THREADS,
                ROUNDS,
                LOGINS_OF_A_ROUND,
                median(logins),
                median(grants),
                median(logins) / median(grants),
                median(ratios));
    }

    /** Logins a second. */
    private double round(ExecutorService threads, IntFunction<HttpRequest> request) throws Exception {
        AtomicInteger next = new AtomicInteger();
        Callable<Void> work = () -> {
            for (int i = next.getAndIncrement(); i < LOGINS_OF_A_ROUND; i = next.getAndIncrement()) {
                send(request.apply(i));
            }
            return null;
        };
        long start = System.nanoTime();
        List<Future<Void>> running = threads.invokeAll(
                IntStream.range(0, THREADS).mapToObj(i -> work).toList());
        double seconds = (System.nanoTime() - start) / 1e9;
        for (Future<Void> one : running) {
            one.get();
        }
        return LOGINS_OF_A_ROUND / seconds;
    }

    private void compareLatency(IntFunction<HttpRequest> login, IntFunction<HttpRequest> grant) throws Exception {
        double[] logins = new double[LOGINS_ONE_BY_ONE];
        double[] grants = new double[LOGINS_ONE_BY_ONE];
        for (int i = 0; i < LOGINS_ONE_BY_ONE; i++) {
            if (i % 2 == 0) {
                logins[i] = send(login.apply(i));
                grants[i] = send(grant.apply(i));
            } else {
                grants[i] = send(grant.apply(i));
                logins[i] = send(login.apply(i));
            }
        }
        LOG.infof(
                "benchmark latency, one by one, medians of %d: login %.2f ms, direct grant %.2f ms, ratio %.3f",
                LOGINS_ONE_BY_ONE, median(logins), median(grants), median(logins) / median(grants));
    }

    /** Milliseconds until the answer. */
    private double send(HttpRequest request) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int status = http.send(request, BodyHandlers.ofString()).statusCode();
        double millis = (System.nanoTime() - start) / 1e6;
        assertEquals(200, status);
        return millis;
    }

    private HttpRequest login(int i) {
        return post(
                api.address("/login"),
                "application/json",
                "{\"client_id\":\"cli\",\"username\":\"%s\",\"password\":\"%s\"}"
                        .formatted(name(i), AuthApiRealm.PASSWORD));
    }

    private HttpRequest directGrant(int i) {
        return post(
                realm.address("/protocol/openid-connect/token"),
                "application/x-www-form-urlencoded",
                "grant_type=password&client_id=cli&username=%s&password=%s"
                        .formatted(name(i), URLEncoder.encode(AuthApiRealm.PASSWORD, StandardCharsets.UTF_8)));
    }

    private static HttpRequest post(URI address, String type, String body) {
        return HttpRequest.newBuilder(address)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private static String name(int i) {
        return "user-" + i % USERS;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
