package io.perch.console.forward;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.AbstractClientHttpRequest;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Requests for event streams. A body is not sent. A timeout applies to the headers of the response. Its body may last
 * for ever, but it is closed when nothing has been received for some time. Otherwise the stream of a server that
 * vanished without a word would use its thread for ever, because nothing is ever sent to that server.
 */
final class EventStreamRequests implements ClientHttpRequestFactory, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventStreamRequests.class);

    /** The client sets these itself, and does not accept them. */
    private static final Set<String> OF_THE_CLIENT =
            Set.of("connection", "content-length", "expect", "host", "upgrade");

    private final HttpClient http;
    private final Duration headerTimeout;
    private final Duration idleLimit;
    private final ScheduledThreadPoolExecutor timer;

    EventStreamRequests(HttpClient http, Duration headerTimeout, Duration idleLimit) {
        this.http = http;
        this.headerTimeout = headerTimeout;
        this.idleLimit = idleLimit;
        this.timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "event-stream-idle");
            thread.setDaemon(true);
            return thread;
        });
        this.timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
        return new EventStreamRequest(uri, method);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private ClientHttpResponse send(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<InputStream>> response = http.sendAsync(request, BodyHandlers.ofInputStream());
        try {
            return new EventStreamResponse(response.get(headerTimeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            response.cancel(true);
            throw new HttpTimeoutException("The headers of an event stream did not come in time");
        } catch (InterruptedException e) {
            response.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("The request of an event stream was interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException("The request of an event stream failed", e.getCause());
        }
    }

    private final class EventStreamRequest extends AbstractClientHttpRequest {

        private final URI uri;
        private final HttpMethod method;

        EventStreamRequest(URI uri, HttpMethod method) {
            this.uri = uri;
            this.method = method;
        }

        @Override
        public HttpMethod getMethod() {
            return method;
        }

        @Override
        public URI getURI() {
            return uri;
        }

        @Override
        protected OutputStream getBodyInternal(HttpHeaders headers) {
            return OutputStream.nullOutputStream();
        }

        @Override
        protected ClientHttpResponse executeInternal(HttpHeaders headers) throws IOException {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method.name(), BodyPublishers.noBody());
            headers.forEach((name, values) -> {
                if (!OF_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            return send(request.build());
        }
    }

    private final class EventStreamResponse implements ClientHttpResponse {

        private final HttpResponse<InputStream> response;
        private final HttpHeaders headers = new HttpHeaders();
        private final IdleLimitedStream body;

        EventStreamResponse(HttpResponse<InputStream> response) {
            this.response = response;
            response.headers().map().forEach(headers::addAll);
            this.body = new IdleLimitedStream(response.body());
            this.body.watch(idleLimit.toNanos());
        }

        @Override
        public HttpStatusCode getStatusCode() {
            return HttpStatusCode.valueOf(response.statusCode());
        }

        @Override
        public String getStatusText() {
            return "";
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public InputStream getBody() {
            return body;
        }

        @Override
        public void close() {
            try {
                body.close();
            } catch (IOException e) {
                log.debug("An event stream could not be closed: {}", e.getMessage());
            }
        }
    }

    /** One call of {@link InputStream#read()} or its variants. */
    private interface Read {
        int read() throws IOException;
    }

    /** Ends for its reader when nothing has been received for the idle limit. */
    private final class IdleLimitedStream extends FilterInputStream {

        private volatile long received = System.nanoTime();
        private volatile boolean closed;
        private volatile boolean idle;
        private volatile @Nullable ScheduledFuture<?> check;

        IdleLimitedStream(InputStream body) {
            super(body);
        }

        private void watch(long delay) {
            if (!closed && !timer.isShutdown()) {
                check = timer.schedule(this::closeIfIdle, delay, TimeUnit.NANOSECONDS);
            }
        }

        private void closeIfIdle() {
            if (closed) {
                return;
            }
            long rest = received + idleLimit.toNanos() - System.nanoTime();
            if (rest > 0) {
                watch(rest);
                return;
            }
            idle = true;
            log.info("An event stream was silent for {}, and is closed", idleLimit);
            try {
                close();
            } catch (IOException e) {
                log.debug("An event stream could not be closed: {}", e.getMessage());
            }
        }

        @Override
        public int read() throws IOException {
            return received(super::read);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return received(() -> super.read(buffer, offset, length));
        }

        /** The idle limit is a normal end for the reader, so the browser gets a complete response. */
        private int received(Read read) throws IOException {
            try {
                int result = read.read();
                received = System.nanoTime();
                return result;
            } catch (IOException e) {
                if (idle) {
                    return -1;
                }
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            closed = true;
            ScheduledFuture<?> next = check;
            if (next != null) {
                next.cancel(false);
            }
            super.close();
        }
    }
}
