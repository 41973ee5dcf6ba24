package io.perch.resourceserver.events;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Reads the value of a record. */
class UserEventReader {

    private final ObjectReader reader;

    UserEventReader(JsonMapper mapper) {
        this.reader = mapper.readerFor(CloudEvent.class);
    }

    /**
     * Reads an event.
     *
     * @throws UnreadableUserEventException if it is none
     */
    UserEvent read(byte @Nullable [] value) {
        try {
            CloudEvent event = value == null ? null : reader.readValue(value);
            if (event == null) {
                throw new UnreadableUserEventException("There is no event");
            }
            return event.read();
        } catch (JacksonException e) {
            // Jackson's own message may show some of what it read.
            throw new UnreadableUserEventException("Not the JSON of an event, at " + place(e));
        }
    }

    /** Returns whether the event is of another realm than the one that this server trusts. */
    boolean isForeign(byte @Nullable [] value, String realm) {
        try {
            return !read(value).realm().equals(realm);
        } catch (UnreadableUserEventException e) {
            // The realm is not known; the record goes to the dead letter topic.
            return false;
        }
    }

    private static String place(JacksonException failure) {
        return failure.getPath().isEmpty() ? "its beginning or end" : "'" + failure.getPathReference() + "'";
    }
}
