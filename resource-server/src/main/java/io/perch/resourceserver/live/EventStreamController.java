package io.perch.resourceserver.live;

import io.perch.resourceserver.live.EventStream.End;
import io.perch.resourceserver.security.SessionClaims;
import io.perch.resourceserver.task.ChangePosition;
import io.perch.resourceserver.task.ChangedTasks;
import io.perch.resourceserver.task.TaskReader;
import io.perch.resourceserver.task.TaskRepresentation;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.ContentNegotiationManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.ServletWebRequest;

/** REST endpoints that open event streams. */
@Tag(name = "Twitter logins")
@RestController
class EventStreamController {

    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final String PROBLEM = "#/components/schemas/Problem";
    private static final Duration MIN_RETRY = Duration.ofSeconds(2);
    private static final Duration MAX_RETRY = Duration.ofSeconds(5);

    private final LiveStreams streams;
    private final MissedChanges missed;
    private final TaskReader tasks;
    private final LiveProperties properties;
    private final ContentNegotiationManager contentNegotiation;
    private final Clock clock;

    EventStreamController(
            LiveStreams streams,
            MissedChanges missed,
            TaskReader tasks,
            LiveProperties properties,
            ContentNegotiationManager contentNegotiation,
            Clock clock) {
        this.streams = streams;
        this.missed = missed;
        this.tasks = tasks;
        this.properties = properties;
        this.contentNegotiation = contentNegotiation;
        this.clock = clock;
    }

    @Operation(
            summary = "Streams your tasks: the newest ones, and then every change",
            description =
                    "Server-sent events with the name 'task', an id, and the task as data. With Last-Event-ID: the"
                            + " changes since then. The stream ends with the access token, or after an hour")
    @ApiResponse(
            responseCode = "200",
            description = "An event stream",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = TaskRepresentation.class)))
    @ApiResponse(
            responseCode = "429",
            description = "You have too many streams open",
            content = @Content(mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE, schema = @Schema(ref = PROBLEM)))
    @GetMapping("/tasks/events")
    void all(
            @RequestHeader(name = LAST_EVENT_ID, required = false) @Nullable String lastEventId,
            JwtAuthenticationToken user,
            HttpServletRequest request,
            HttpServletResponse response)
            throws HttpMediaTypeNotAcceptableException, IOException {
        LastEventId known = LastEventId.parse(lastEventId).orElse(null);
        String userId = user.getName();
        stream(
                new StreamRequest(SessionClaims.of(user.getToken()), null, life(user.getToken()), known),
                request,
                response,
                () -> known == null
                        ? new ChangedTasks(tasks.newest(userId, LiveStreams.SNAPSHOT), null)
                        : tasks.changedAfter(userId, ChangePosition.before(known.since()), LiveStreams.SNAPSHOT));
    }

    @Operation(
            summary = "Streams one of your tasks: its current state, and then every change until it is final",
            description = "Server-sent events with the name 'task', an id, and the task as data")
    @ApiResponse(
            responseCode = "200",
            description = "An event stream",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = TaskRepresentation.class)))
    @ApiResponse(
            responseCode = "204",
            description = "The task is final, and according to Last-Event-ID you already have its final state",
            content = @Content)
    @ApiResponse(
            responseCode = "429",
            description = "You have too many streams open",
            content = @Content(mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE, schema = @Schema(ref = PROBLEM)))
    @GetMapping("/tasks/{id}/events")
    void one(
            @PathVariable String id,
            @RequestHeader(name = LAST_EVENT_ID, required = false) @Nullable String lastEventId,
            JwtAuthenticationToken user,
            HttpServletRequest request,
            HttpServletResponse response)
            throws HttpMediaTypeNotAcceptableException, IOException {
        LastEventId known = LastEventId.parse(lastEventId).orElse(null);
        String userId = user.getName();
        stream(
                new StreamRequest(SessionClaims.of(user.getToken()), id, life(user.getToken()), known),
                request,
                response,
                () -> new ChangedTasks(
                        List.of(tasks.find(userId, id)
                                .orElseThrow(() ->
                                        new ProblemException(ProblemType.NOT_FOUND, "You have no task with this id"))),
                        null));
    }

    /** The parameters of a request. */
    private record StreamRequest(
            SessionClaims session,
            @Nullable String taskId,
            Duration life,
            @Nullable LastEventId known) {}

    /** Opens the stream before it reads the tasks, so that no change in between is missed. */
    private void stream(
            StreamRequest parameters,
            HttpServletRequest request,
            HttpServletResponse response,
            Supplier<ChangedTasks> snapshot)
            throws HttpMediaTypeNotAcceptableException, IOException {
        requireEventStreamAcceptable(request);
        EventStream stream = streams.open(parameters.session(), parameters.taskId(), parameters.life());
        boolean connected = false;
        try {
            ChangedTasks current = streams.read(snapshot);
            setHeaders(response);
            if (!stream.begin(parameters.known(), streams.updates(current), current.next(), retryDelay())) {
                // With 204 a browser's EventSource does not reconnect
                response.setStatus(HttpStatus.NO_CONTENT.value());
            } else if (!HttpMethod.HEAD.matches(request.getMethod())) {
                response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
                AsyncContext exchange = request.startAsync();
                exchange.setTimeout(0);
                stream.connect(exchange, response.getOutputStream());
                connected = true;
                missed.send(stream);
            }
        } finally {
            if (!connected) {
                stream.end(End.REFUSED);
            }
        }
    }

    /** A stream ends at the latest when its access token expires. */
    private Duration life(Jwt token) {
        Instant expiresAt = token.getExpiresAt();
        Duration left = expiresAt == null ? properties.maxAge() : Duration.between(clock.instant(), expiresAt);
        return left.compareTo(properties.maxAge()) < 0 ? left : properties.maxAge();
    }

    /** Random, so that clients that lost their streams at the same time do not reconnect at the same time. */
    private static Duration retryDelay() {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(MIN_RETRY.toMillis(), MAX_RETRY.toMillis()));
    }

    private static void setHeaders(HttpServletResponse response) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store, no-transform");
        // Makes nginx, and proxies that support this header, send events without buffering
        response.setHeader("X-Accel-Buffering", "no");
    }

    /**
     * Checked here and not by the mapping. Otherwise {@code /tasks/{id}} would handle a request for {@code /tasks/events} that
     * does not accept an event stream.
     */
    private void requireEventStreamAcceptable(HttpServletRequest request) throws HttpMediaTypeNotAcceptableException {
        List<MediaType> accepted = contentNegotiation.resolveMediaTypes(new ServletWebRequest(request));
        if (accepted.stream().noneMatch(MediaType.TEXT_EVENT_STREAM::isCompatibleWith)) {
            throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.TEXT_EVENT_STREAM));
        }
    }
}
