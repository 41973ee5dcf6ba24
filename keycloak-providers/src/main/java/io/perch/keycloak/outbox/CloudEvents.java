package io.perch.keycloak.outbox;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes CloudEvents 1.0 in JSON, structured mode, without the sequence. That is added when they are sent. */
final class CloudEvents {

    // Escaped, because some databases cannot store all of Unicode
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final int MAX_TYPE_LENGTH = 255;

    private static final String REALMS = "/realms/";

    private CloudEvents() {}

    /**
     * The event as a JSON object.
     *
     * @param traceparent the request's header by W3C Trace Context; null if there is none
     */
    private static String json(OutboxEvent event, Map<String, Object> data, @Nullable String traceparent) {
        Map<String, Object> attributes = new EventData()
                .with("specversion", "1.0")
                .with("id", event.id())
                .with("source", REALMS + segment(event.realmName()))
                .with("type", event.kind().type())
                .with("subject", event.userId())
                .with("time", time(event.time()))
                .with("datacontenttype", "application/json")
                .with("traceparent", traceparent)
                .with("data", data)
                .toMap();
        try {
            return JSON.writeValueAsString(attributes);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The event as a row, with complete data. */
    static OutboxRow row(OutboxEvent event, Map<String, Object> data, @Nullable String traceparent) {
        return new OutboxRow(
                RowFormat.CURRENT,
                event.realmId(),
                event.key(),
                event.id(),
                json(event, data, traceparent),
                event.time(),
                traceparent);
    }

    /** The type of an event that was written as JSON; empty if it has none that can be read. */
    static Optional<String> type(String event) {
        try {
            return Optional.ofNullable(JSON.readTree(event).path("type").textValue())
                    .filter(type -> type.length() <= MAX_TYPE_LENGTH);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /**
     * The realm's name of an event that was written as JSON; empty if it has none that can be read. Reads no further than it must,
     * because an event may be large.
     */
    static Optional<String> realm(String event) {
        try (JsonParser parser = JSON.createParser(event)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("source")) {
                    return Optional.ofNullable(parser.getValueAsString())
                            .filter(source -> source.startsWith(REALMS))
                            .map(source ->
                                    URLDecoder.decode(source.substring(REALMS.length()), StandardCharsets.UTF_8));
                }
                parser.skipChildren();
            }
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** RFC 3339 in UTC with milliseconds. */
    static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis));
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
