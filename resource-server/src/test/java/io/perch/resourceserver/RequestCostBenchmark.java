package io.perch.resourceserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.crypto.Keysets;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import redis.embedded.RedisServer;

/**
 * Measures the server's CPU time per request, for requests without a database. The server runs in its own process, and
 * its CPU time is read before and after many requests. {@code JAVA25_HOME} is the Java to use. {@code SERVER_OPTIONS}
 * has more options for its command line, such as {@code -XX:StartFlightRecording}.
 */
class RequestCostBenchmark {

    private static final int CONNECTIONS = 8;
    private static final int WARM_UP = 15_000;
    private static final int MEASURED = 10_000;

    @Test
    void cpuTimeOfOneRequest() throws Exception {
        EmbeddedKafkaKraftBroker kafka = new EmbeddedKafkaKraftBroker(1, 1);
        kafka.afterPropertiesSet();
        MongoServer mongo = new MongoServer(new MemoryBackend());
        mongo.bind("127.0.0.1", 0);
        RedisServer redis = RedisServer.newRedisServer()
                .port(freePort())
                .setting("bind 127.0.0.1")
                .build();
        redis.start();
        AuthorizationServer realm = AuthorizationServer.start();
        int port = freePort();
        Process server = start(Map.of(
                "SERVER_PORT", Integer.toString(port),
                "SERVER_ADDRESS", "127.0.0.1",
                "MONGO_URI", "mongodb://127.0.0.1:" + mongo.getLocalAddress().getPort(),
                "KAFKA_BROKER_URL", kafka.getBrokersAsString(),
                "REDIS_URL", "redis://127.0.0.1:" + redis.ports().get(0),
                "KEYCLOAK_ISSUER_URI", realm.issuer(),
                "ENCRYPTION_KEYSET", Keysets.generate()));
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> answers(port));
            measure(server, port, realm);
        } finally {
            server.destroy();
            server.waitFor();
            realm.stop();
            redis.stop();
            mongo.shutdownNow();
            kafka.destroy();
        }
    }

    private static void measure(Process server, int port, AuthorizationServer realm) throws Exception {
        String token = "Authorization: Bearer " + realm.token(UUID.randomUUID().toString(), "user") + "\r\n";
        Map<String, String> requests = new TreeMap<>(Map.of(
                "1 GET / by a stranger", get("/", ""),
                "2 GET / with a token", get("/", token),
                "3 GET /nothing with a token, 404", get("/nothing", token),
                "4 POST /twitter-login, over the limit, 429", post(token, Api.login("over_limit"))));
        List<String> rows = new ArrayList<>();
        for (Map.Entry<String, String> request : requests.entrySet()) {
            byte[] bytes = request.getValue().getBytes(UTF_8);
            send(port, bytes, WARM_UP);
            Duration before = cpu(server);
            long start = System.nanoTime();
            send(port, bytes, MEASURED);
            Duration wall = Duration.ofNanos(System.nanoTime() - start);
            Duration used = cpu(server).minus(before);
            rows.add("%-45s %7.1f us CPU %8d requests/s"
                    .formatted(
                            request.getKey(),
                            used.toNanos() / 1e3 / MEASURED,
                            Math.round(MEASURED / (wall.toNanos() / 1e9))));
        }
        System.out.println(String.join(System.lineSeparator(), rows));
        assertThat(rows).hasSize(requests.size());
    }

    private static Duration cpu(Process server) {
        return server.toHandle().info().totalCpuDuration().orElseThrow();
    }

    private static void send(int port, byte[] request, int count) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                all.add(clients.submit(() -> sendOneByOne(port, request, count / CONNECTIONS)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            clients.shutdown();
        }
    }

    private static void sendOneByOne(int port, byte[] request, int count) {
        try {
            int left = count;
            while (left > 0) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    InputStream answers = new BufferedInputStream(socket.getInputStream());
                    boolean open = true;
                    for (; left > 0 && open; left--) {
                        socket.getOutputStream().write(request);
                        open = readAnswer(answers);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a response with a length or in chunks. Returns whether the connection stays open. */
    private static boolean readAnswer(InputStream in) throws IOException {
        long length = -1;
        boolean open = true;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String header = line.toLowerCase(java.util.Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = Long.parseLong(header.substring(15).trim());
            }
            open &= !header.equals("connection: close");
        }
        if (length >= 0) {
            in.skipNBytes(length);
            return open;
        }
        for (int chunk = size(in); chunk > 0; chunk = size(in)) {
            in.skipNBytes(chunk + 2L);
        }
        line(in);
        return open;
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in).trim(), 16);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("The server closed the connection");
            }
            line.append((char) next);
        }
        return line.toString().trim();
    }

    private static String get(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nUser-Agent: benchmark\r\n" + headers
                + "\r\n";
    }

    private static String post(String headers, String body) {
        return "POST /twitter-login HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.getBytes(ISO_8859_1).length + "\r\n" + headers + "\r\n" + body;
    }

    private static Process start(Map<String, String> variables) throws IOException {
        String home = System.getenv().getOrDefault("JAVA25_HOME", System.getProperty("java.home"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(home, "bin", "java").toString(), "-Xmx512m", "-cp", System.getProperty("java.class.path")));
        String options = System.getenv("SERVER_OPTIONS");
        if (options != null) {
            command.addAll(List.of(options.split(" ")));
        }
        command.add(ResourceServerApplication.class.getName());
        ProcessBuilder server = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(System.getProperty("java.io.tmpdir"), "request-cost-server.log"));
        server.environment().putAll(variables);
        return server.start();
    }

    private static boolean answers(int port) {
        try {
            sendOneByOne(port, get("/health/readiness", "").getBytes(UTF_8), 1);
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
