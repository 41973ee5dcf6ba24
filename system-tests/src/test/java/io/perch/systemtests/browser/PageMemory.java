package io.perch.systemtests.browser;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;

/**
 * What a page uses after a garbage collection.
 *
 * @param heap the bytes of its JavaScript heap
 * @param nodes the DOM nodes, also those that are not in the document
 * @param listeners the event listeners
 */
record PageMemory(long heap, int nodes, int listeners) {

    private static final int COLLECTIONS = 3;

    static PageMemory of(Page page) {
        CDPSession session = page.context().newCDPSession(page);
        try {
            // Objects that the first collection frees may refer to nodes, which the second one frees
            for (int i = 0; i < COLLECTIONS; i++) {
                session.send("HeapProfiler.collectGarbage");
            }
            long heap = session.send("Runtime.getHeapUsage").get("usedSize").getAsLong();
            JsonObject counters = session.send("Memory.getDOMCounters");
            return new PageMemory(
                    heap,
                    counters.get("nodes").getAsInt(),
                    counters.get("jsEventListeners").getAsInt());
        } finally {
            session.detach();
        }
    }

    @Override
    public String toString() {
        return "%.2f MB, %d nodes, %d listeners".formatted(heap / 1e6, nodes, listeners);
    }
}
