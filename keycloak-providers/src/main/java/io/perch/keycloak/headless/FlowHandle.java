package io.perch.keycloak.headless;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a flow is, and whose it is.
 *
 * @param kind what the flow is for
 * @param client the client's internal id, which no other realm's client has
 * @param thumbprint of the client's DPoP key (RFC 7638); null where the flow was started without a proof
 * @param root id of Keycloak's root authentication session
 * @param tab id of the authentication session in it
 * @param flow id of the top-level flow that was chosen at the start
 * @param startedAt seconds since 1970
 * @param failures steps that have failed so far
 */
record FlowHandle(
        FlowKind kind,
        String client,
        @Nullable String thumbprint,
        String root,
        String tab,
        String flow,
        long startedAt,
        int failures) {

    private static final String KIND = "kind";
    private static final String CLIENT = "client";
    private static final String THUMBPRINT = "jkt";
    private static final String ROOT = "root";
    private static final String TAB = "tab";
    private static final String FLOW = "flow";
    private static final String STARTED_AT = "started";
    private static final String FAILURES = "failures";

    FlowHandle withFailure() {
        return new FlowHandle(kind, client, thumbprint, root, tab, flow, startedAt, failures + 1);
    }

    /** The same flow, begun again in another authentication session. */
    FlowHandle movedTo(String newRoot, String newTab) {
        return new FlowHandle(kind, client, thumbprint, newRoot, newTab, flow, startedAt, failures);
    }

    Map<String, String> notes() {
        Map<String, String> notes = new HashMap<>();
        notes.put(KIND, kind.name());
        notes.put(CLIENT, client);
        if (thumbprint != null) {
            notes.put(THUMBPRINT, thumbprint);
        }
        notes.put(ROOT, root);
        notes.put(TAB, tab);
        notes.put(FLOW, flow);
        notes.put(STARTED_AT, Long.toString(startedAt));
        notes.put(FAILURES, Integer.toString(failures));
        return notes;
    }

    static FlowHandle of(Map<String, String> notes) {
        return new FlowHandle(
                FlowKind.valueOf(note(notes, KIND)),
                note(notes, CLIENT),
                notes.get(THUMBPRINT),
                note(notes, ROOT),
                note(notes, TAB),
                note(notes, FLOW),
                Long.parseLong(note(notes, STARTED_AT)),
                Integer.parseInt(note(notes, FAILURES)));
    }

    private static String note(Map<String, String> notes, String name) {
        return Optional.ofNullable(notes.get(name)).orElseThrow(() -> new IllegalStateException("No note " + name));
    }
}
