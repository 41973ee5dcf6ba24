package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads an event stream as a browser's EventSource does. */
final class EventClient implements Subscriber<String>, AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final JsonMapper JSON = new JsonMapper();

    /** One event. */
    record Event(String id, String name, JsonNode task) {

        String status() {
            return task.path("status").asString();
        }

        String taskId() {
            return task.path("task_id").asString();
        }
    }

    /**
     * Each stream has its own client. A shared client would share connections. It is a field, because connections are
     * closed when the client is no longer referenced.
     */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final CompletableFuture<ResponseInfo> response = new CompletableFuture<>();
    private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicInteger comments = new AtomicInteger();
    private final AtomicInteger retryMillis = new AtomicInteger();
    private String id = "";
    private String name = "message";
    private String data = "";

    private EventClient(HttpRequest request) {
        var unused = http.sendAsync(request, info -> {
                    response.complete(info);
                    return BodySubscribers.fromLineSubscriber(this);
                })
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        response.completeExceptionally(failure);
                    }
                    end.complete(null);
                });
    }

    static EventClient open(Api.Caller user, String path) {
        return open(user, path, null);
    }

    /** Opens a stream and returns when its headers are received. */
    static EventClient open(Api.Caller user, String path, @Nullable String lastEventId) {
        HttpRequest.Builder request = user.request(path).header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        EventClient client = new EventClient(request.build());
        client.response.orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
        return client;
    }

    int status() {
        return response.join().statusCode();
    }

    HttpHeaders headers() {
        return response.join().headers();
    }

    /** Waits for the next event. */
    Event next() {
        try {
            Event event = events.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            assertThat(event).as("an event").isNotNull();
            return Objects.requireNonNull(event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Reads events until a task has this status. Returns all of them. */
    List<Event> until(String taskId, String status) {
        List<Event> seen = new ArrayList<>();
        do {
            seen.add(next());
        } while (!seen.get(seen.size() - 1).taskId().equals(taskId)
                || !seen.get(seen.size() - 1).status().equals(status));
        return seen;
    }

    void awaitEnd() {
        await().atMost(TIMEOUT).until(end::isDone);
    }

    boolean hasEnded() {
        return end.isDone();
    }

    /** Returns the events that no test has read. */
    List<Event> rest() {
        return List.copyOf(events);
    }

    int comments() {
        return comments.get();
    }

    int retryMillis() {
        return retryMillis.get();
    }

    @Override
    public void close() {
        var unused = subscription.thenAccept(Subscription::cancel);
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription.complete(given);
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        if (line.startsWith(":")) {
            comments.incrementAndGet();
        } else if (line.startsWith("retry:")) {
            retryMillis.set(Integer.parseInt(line.substring(6)));
        } else if (line.startsWith("id:")) {
            id = line.substring(3);
        } else if (line.startsWith("event:")) {
            name = line.substring(6);
        } else if (line.startsWith("data:")) {
            data = line.substring(5);
        } else if (line.isEmpty() && !data.isEmpty()) {
            events.add(new Event(id, name, JSON.readTree(data)));
            data = "";
        }
    }

    @Override
    public void onError(Throwable failure) {
        end.complete(null);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }
}
