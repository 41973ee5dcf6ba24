package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;

/** Access to event streams, and their limits. */
@ResourceServerTest
@Timeout(120)
class EventStreamLimitsTest {

    private static final String ALL = "/tasks/events";
    private static final int STREAMS_PER_USER = 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Api api;
    private final AuthorizationServer authorizationServer;
    private final ApplicationEventPublisher events;
    private final MeterRegistry meters;

    @Autowired
    EventStreamLimitsTest(
            Api api, AuthorizationServer authorizationServer, ApplicationEventPublisher events, MeterRegistry meters) {
        this.api = api;
        this.authorizationServer = authorizationServer;
        this.events = events;
        this.meters = meters;
    }

    @Test
    void aStreamWithoutEventsSendsHeartbeats() {
        try (EventClient stream = EventClient.open(api.asNewUser(), ALL)) {
            await().atMost(TIMEOUT).until(() -> stream.comments() >= 2 || stream.hasEnded());
            assertThat(stream.hasEnded()).isFalse();
        }
    }

    @Test
    void aBrokenConnectionDoesNotAffectOtherStreams() {
        for (int round = 0; round < 30; round++) {
            Caller gone = api.asNewUser();
            EventClient.open(gone, ALL).close();
            events.publishEvent(TaskFixtures.changed(gone.subject(), "a-task", 1));
            events.publishEvent(TaskFixtures.changed(gone.subject(), "a-task", 2));

            Caller user = api.asNewUser();
            try (EventClient stream = EventClient.open(user, ALL)) {
                events.publishEvent(TaskFixtures.changed(user.subject(), "a-task", 1));
                assertThat(stream.next().taskId()).isEqualTo("a-task");
            }
        }
    }

    @Test
    void aTaskOfAnotherUserIsNotFound() {
        String task = api.asNewUser().submit("mine");

        streaming(api.asNewUser(), "/tasks/" + task + "/events").isProblem(404, "not-found");
        streaming(api.asNewUser(), "/tasks/no-such-task/events").isProblem(404, "not-found");
    }

    @Test
    void aStreamHasNoTasksOfOtherUsers() {
        Caller user = api.asNewUser();
        try (EventClient stream = EventClient.open(api.asNewUser(), ALL)) {
            user.awaitFinal(user.submit("private"));
            await().atMost(TIMEOUT).until(() -> stream.comments() > 0);
            assertThat(stream.rest()).isEmpty();
        }
    }

    @Test
    void aStreamNeedsAToken() {
        streaming(api.withToken(null), ALL).isProblem(401, "unauthorized");
        streaming(api.withToken("garbage"), ALL).isProblem(401, "unauthorized");
        String token = authorizationServer.token("somebody", "user");
        streaming(api.withToken(null), ALL + "?access_token=" + token).isProblem(401, "unauthorized");
    }

    @Test
    void aStreamNeedsTheRole() {
        streaming(api.asNewUser("other"), ALL).isProblem(403, "forbidden");
    }

    @Test
    void aRequestThatAcceptsNoEventStreamIsRefused() {
        Caller user = api.asNewUser();
        String task = user.submit("json");
        for (String path : List.of(ALL, "/tasks/" + task + "/events")) {
            for (String accept : List.of("application/json", "nonsense")) {
                user.send(user.request(path).header("Accept", accept).GET()).isProblem(406, "not-acceptable");
            }
            user.post(path, "{}").isProblem(405, "method-not-allowed");
            assertThat(user.send(user.request(path).method("HEAD", BodyPublishers.noBody()))
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "-",
                "1763676000123-",
                "1763676000123-zz.1",
                "1763676000123-0a1b2c3d",
                "1763676000123-0a1b2c3d.x",
                "99999999999999999999",
                "-1",
                "{\"$gt\": 0}",
                "' OR 1=1"
            })
    void anInvalidLastEventIdIsIgnored(String lastEventId) {
        Caller user = api.asNewUser();
        String task = user.submit("seen");
        user.awaitFinal(task);

        try (EventClient stream = EventClient.open(user, ALL, lastEventId)) {
            assertThat(stream.next().taskId()).isEqualTo(task);
        }
    }

    @Test
    void aLastEventIdFromTheFutureIsAccepted() {
        Caller user = api.asNewUser();

        try (EventClient stream = EventClient.open(user, ALL, Long.toString(Long.MAX_VALUE))) {
            String task = user.submit("later");
            stream.until(task, "success");
        }
    }

    @Test
    void anIdThatCouldBeAnOperatorIsNotFound() {
        Caller user = api.asNewUser();

        streaming(user, "/tasks/%7B%22$gt%22:%22%22%7D/events").isProblem(404, "not-found");
        streaming(user, "/tasks/%00/events").isProblem(400, "invalid-request");
    }

    @Test
    void aStreamEndsWhenItsTokenExpires() {
        String subject = UUID.randomUUID().toString();
        Instant end = Instant.now().plusSeconds(8);
        String token =
                authorizationServer.token(subject, List.of("user"), claims -> claims.expirationTime(Date.from(end)));

        try (EventClient stream = EventClient.open(api.withToken(token), ALL)) {
            events.publishEvent(TaskFixtures.changed(subject, "still-told", 1));
            assertThat(stream.next().taskId()).isEqualTo("still-told");
            stream.awaitEnd();
            assertThat(Instant.now()).isBetween(end.minusSeconds(1), end.plusSeconds(10));
        }
    }

    @Test
    void aUserMayHaveTenStreamsAtOnce() {
        Caller user = api.asNewUser();
        List<EventClient> open = new ArrayList<>();
        try {
            for (int i = 0; i < STREAMS_PER_USER; i++) {
                open.add(EventClient.open(user, ALL));
            }
            Answer refused = streaming(user, ALL).isProblem(429, "too-many-requests");
            assertThat(refused.header("Retry-After")).matches("[1-9][0-9]*");

            open.get(0).close();
            await().atMost(TIMEOUT).untilAsserted(() -> {
                EventClient another = EventClient.open(user, ALL);
                open.add(another);
                assertThat(another.status()).isEqualTo(200);
            });
        } finally {
            open.forEach(EventClient::close);
        }
    }

    @Test
    void aSlowClientIsDisconnectedAndOthersGetAllEvents() throws IOException {
        Caller user = api.asNewUser();
        String large = "x".repeat(64 * 1024);
        double slowBefore = ended("slow");
        try (EventClient reader = EventClient.open(user, ALL);
                Socket lazy = openAndDoNotRead(user)) {
            await().atMost(TIMEOUT)
                    .until(() -> meters.get("perch.live.clients").gauge().value() >= 2);
            int version = 0;
            while (ended("slow") == slowBefore && version < 2_000) {
                version++;
                events.publishEvent(TaskFixtures.changed(user.subject(), "task-" + version, 1, large));
                reader.until("task-" + version, "running");
            }

            assertThat(ended("slow")).isEqualTo(slowBefore + 1);
            events.publishEvent(TaskFixtures.changed(user.subject(), "after", 1));
            assertThat(reader.next().taskId()).isEqualTo("after");
            assertThat(readToTheEnd(lazy.getInputStream())).isLessThan((long) version * large.length());
        }
    }

    @Test
    void openStreamsAndTheirEndsAreCounted() {
        Caller user = api.asNewUser();
        double sentBefore = meters.get("perch.live.events").counter().count();
        double complete = ended("complete");
        String task = user.submit("counted");
        user.awaitFinal(task);

        try (EventClient stream = EventClient.open(user, "/tasks/" + task + "/events")) {
            stream.awaitEnd();
        }

        assertThat(meters.get("perch.live.events").counter().count()).isGreaterThan(sentBefore);
        assertThat(ended("complete")).isGreaterThan(complete);
        assertThat(meters.get("perch.live.clients").gauge().value()).isNotNegative();
    }

    @Test
    void bothStreamsAreInTheApiDescription() {
        var paths = api.withToken(null).get("/openapi.json").body().path("paths");
        for (String path : List.of(ALL, "/tasks/{id}/events")) {
            var get = paths.path(path).path("get");
            assertThat(get.path("responses").path("200").path("content").propertyNames())
                    .as(path)
                    .containsExactly("text/event-stream");
            assertThat(get.path("responses").has("429")).as(path).isTrue();
            assertThat(get.path("parameters")
                            .valueStream()
                            .map(parameter -> parameter.path("name").asString()))
                    .as(path)
                    .contains("Last-Event-ID")
                    .doesNotContain("user", "request", "response");
        }
    }

    private double ended(String reason) {
        return meters.get("perch.live.ended").tag("reason", reason).counter().count();
    }

    private Socket openAndDoNotRead(Caller user) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8 * 1024);
        socket.setSoTimeout(Math.toIntExact(TIMEOUT.toMillis()));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), api.port()));
        String token =
                user.request(ALL).build().headers().firstValue("Authorization").orElseThrow();
        String request = "GET " + ALL + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + token + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** The connection stays open for other requests, so the last chunk of the body marks the end. */
    private static long readToTheEnd(InputStream in) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long bytes = 0;
        String tail = "";
        while (!tail.endsWith("\r\n0\r\n\r\n")) {
            int read = in.read(buffer);
            if (read < 0) {
                return bytes;
            }
            bytes += read;
            int keep = Math.min(read, 16);
            tail = tail.substring(Math.max(0, tail.length() - 16))
                    + new String(buffer, read - keep, keep, StandardCharsets.US_ASCII);
        }
        return bytes;
    }

    private static Answer streaming(Caller user, String path) {
        return user.send(
                user.request(path).header("Accept", "text/event-stream").timeout(TIMEOUT));
    }
}
