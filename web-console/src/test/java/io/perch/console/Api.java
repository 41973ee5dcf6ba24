package io.perch.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Both APIs for the tests: records the requests, and sends the responses that the tests need. */
final class Api {

    /** A request that was forwarded. */
    record Received(String method, String path, Map<String, String> headers, String body) {}

    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger openStreams = new AtomicInteger();

    private Api(HttpServer server) {
        this.server = server;
    }

    static Api start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            Api api = new Api(server);
            server.createContext("/", api::answer);
            server.setExecutor(Executors.newCachedThreadPool(work -> {
                Thread thread = new Thread(work);
                thread.setDaemon(true);
                return thread;
            }));
            server.start();
            return api;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Received> received() {
        return received;
    }

    void forget() {
        received.clear();
    }

    /** Returns how many event streams are open. */
    int openStreams() {
        return openStreams.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> headers = exchange.getRequestHeaders().entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().toLowerCase(Locale.ROOT),
                        entry -> String.join(", ", entry.getValue()),
                        (one, other) -> one,
                        TreeMap::new));
        String path = exchange.getRequestURI().toString();
        received.add(new Received(
                exchange.getRequestMethod(),
                path,
                headers,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        if (path.contains("/mute/")) {
            return;
        }
        if (path.contains("/silent/")) {
            silentStream(exchange);
            return;
        }
        if (path.endsWith("/events")) {
            stream(exchange);
            return;
        }
        exchange.getResponseHeaders().add("Set-Cookie", "of-the-api=1");
        exchange.getResponseHeaders().add("Location", "https://elsewhere.example/");
        exchange.getResponseHeaders().add("Server", "secret");
        exchange.getResponseHeaders().add("Cache-Control", "public, max-age=3600");
        exchange.getResponseHeaders().add("RateLimit", "\"twitter-login\";r=4;t=60");
        exchange.getResponseHeaders().add("Retry-After", "7");
        if (path.contains("ended")) {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer error=\"invalid_token\"");
            send(exchange, 401, "{}");
        } else if (path.contains("fresh")) {
            exchange.getResponseHeaders()
                    .add("WWW-Authenticate", "Bearer error=\"insufficient_user_authentication\", max_age=\"600\"");
            send(exchange, 401, "{\"type\":\"urn:perch:problem:insufficient-user-authentication\"}");
        } else if (path.contains("moved")) {
            send(exchange, 302, "{}");
        } else {
            send(exchange, 200, "{\"path\":\"" + path + "\"}");
        }
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Sends one event, and then nothing, like a server that has crashed. The connection stays open. */
    private static void silentStream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("id:1\nevent:task\ndata:{}\n\n".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    /** Sends one event, and then heartbeats until the client disconnects. */
    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        openStreams.incrementAndGet();
        try (OutputStream out = exchange.getResponseBody()) {
            out.write("id:1\nevent:task\ndata:{}\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            while (true) {
                LockSupport.parkNanos(20_000_000);
                out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (IOException e) {
            // The client has disconnected, which ends a stream in these tests
        } finally {
            openStreams.decrementAndGet();
        }
    }
}
