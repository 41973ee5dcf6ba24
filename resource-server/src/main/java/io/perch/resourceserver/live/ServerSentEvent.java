package io.perch.resourceserver.live;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Formats event streams (HTML standard, section 9.2.5). */
final class ServerSentEvent {

    private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private ServerSentEvent() {}

    /**
     * Returns a task as an event.
     *
     * @param id the event's ID
     * @param json the task as JSON without line breaks
     */
    static byte[] task(LastEventId id, byte[] json) {
        byte[] head = ("id:" + id + "\nevent:task\ndata:").getBytes(StandardCharsets.UTF_8);
        byte[] event = new byte[head.length + json.length + 2];
        System.arraycopy(head, 0, event, 0, head.length);
        System.arraycopy(json, 0, event, head.length, json.length);
        event[event.length - 2] = '\n';
        event[event.length - 1] = '\n';
        return event;
    }

    /** Returns the field that sets the client's reconnection time. */
    static byte[] retry(Duration delay) {
        return ("retry:" + delay.toMillis() + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a comment, which clients ignore. */
    static byte[] heartbeat() {
        return HEARTBEAT.clone();
    }
}
