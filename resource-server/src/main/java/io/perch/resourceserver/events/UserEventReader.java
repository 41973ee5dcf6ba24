package io.perch.resourceserver.events;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Parses the value of a record. */
class UserEventReader {

    private final ObjectReader reader;

    UserEventReader(JsonMapper mapper) {
        this.reader = mapper.readerFor(CloudEvent.class);
    }

    /**
     * Parses an event.
     *
     * @throws UnreadableUserEventException if it is not a valid event
     */
    UserEvent read(byte @Nullable [] value) {
        try {
            CloudEvent event = value == null ? null : reader.readValue(value);
            if (event == null) {
                throw new UnreadableUserEventException("There is no event");
            }
            return event.read();
        } catch (JacksonException e) {
            // Jackson's message could contain parts of the value
            throw new UnreadableUserEventException("Not the JSON of an event, at " + position(e));
        }
    }

    /** Returns whether the event belongs to another realm than the configured one. */
    boolean isOfOtherRealm(byte @Nullable [] value, String realm) {
        try {
            return !read(value).realm().equals(realm);
        } catch (UnreadableUserEventException e) {
            // The realm is unknown; the listener fails, and the record goes to the dead-letter topic
            return false;
        }
    }

    private static String position(JacksonException failure) {
        return failure.getPath().isEmpty() ? "its beginning or end" : "'" + failure.getPathReference() + "'";
    }
}
