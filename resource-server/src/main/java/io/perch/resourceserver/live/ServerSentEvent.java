package io.perch.resourceserver.live;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The format of event streams (HTML standard, section 9.2.5). */
final class ServerSentEvent {

    private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private ServerSentEvent() {}

    /**
     * Returns a task as an event.
     *
     * @param id of one line
     * @param json of one line
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

    /** Returns what has a client wait before it comes back. */
    static byte[] retry(Duration delay) {
        return ("retry:" + delay.toMillis() + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a comment, which clients pass over. */
    static byte[] heartbeat() {
        return HEARTBEAT.clone();
    }
}
