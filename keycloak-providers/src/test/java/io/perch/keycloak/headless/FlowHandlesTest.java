package io.perch.keycloak.headless;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.keycloak.models.SingleUseObjectProvider;

class FlowHandlesTest {

    private static final FlowHandle HANDLE =
            new FlowHandle(FlowKind.SIGN_IN, "client", "thumbprint", "root", "tab", "flow", 1_700_000_000, 3);

    private final Store store = new Store();
    private final FlowHandles handles = new FlowHandles(store);

    @Test
    void aHandleIsFoundByItsValueUntilItIsTaken() {
        String value = handles.put(HANDLE, 60);
        assertEquals(Optional.of(HANDLE), handles.find(value));
        assertEquals(Optional.of(HANDLE), handles.find(value));
        assertTrue(handles.take(value));
        assertFalse(handles.take(value));
        assertEquals(Optional.empty(), handles.find(value));
    }

    @Test
    void aHandleWithoutAKeyHasNone() {
        FlowHandle free = new FlowHandle(FlowKind.SIGN_IN, "client", null, "root", "tab", "flow", 1, 0);
        assertEquals(Optional.of(free), handles.find(handles.put(free, 60)));
    }

    @Test
    void aValueHas256BitsThatTheStoreDoesNotKnow() {
        String value = handles.put(HANDLE, 60);
        assertEquals(32, Base64.getUrlDecoder().decode(value).length);
        assertNotEquals(value, handles.put(HANDLE, 60));
        assertFalse(store.objects.toString().contains(value));
    }

    @Test
    void whatIsNoValueIsNotLookedUp() {
        for (String text :
                new String[] {"", "x", "A".repeat(42), "A".repeat(44), "A".repeat(42) + "=", "é".repeat(43)}) {
            assertEquals(Optional.empty(), handles.find(text));
        }
        assertEquals(0, store.lookUps);
    }

    @Test
    void aFailureIsCountedAndAMoveKeepsTheCount() {
        assertEquals(4, HANDLE.withFailure().failures());
        FlowHandle moved = HANDLE.withFailure().movedTo("other root", "other tab");
        assertEquals(4, moved.failures());
        assertEquals("other root", moved.root());
        assertEquals(HANDLE.startedAt(), moved.startedAt());
    }

    @Test
    void theTenthIncompleteEntryIsTheLastOfItsValue() {
        String value = handles.put(HANDLE, 60);
        for (int i = 1; i < 10; i++) {
            assertTrue(handles.countIncomplete(value, 60), "entry " + i);
        }
        assertFalse(handles.countIncomplete(value, 60));
        assertEquals(Optional.of(HANDLE), handles.find(value));
        assertTrue(handles.countIncomplete(handles.put(HANDLE, 60), 60), "Another value has its own count");
    }

    private static final class Store implements SingleUseObjectProvider {

        private final Map<String, Map<String, String>> objects = new HashMap<>();
        private int lookUps;

        @Override
        public void put(String key, long lifespanSeconds, Map<String, String> notes) {
            objects.put(key, notes);
        }

        @Override
        public @Nullable Map<String, String> get(String key) {
            lookUps++;
            return objects.get(key);
        }

        @Override
        public @Nullable Map<String, String> remove(String key) {
            return objects.remove(key);
        }

        @Override
        public boolean replace(String key, Map<String, String> notes) {
            return objects.replace(key, notes) != null;
        }

        @Override
        public boolean putIfAbsent(String key, long lifespanInSeconds) {
            return objects.putIfAbsent(key, Map.of()) == null;
        }

        @Override
        public boolean contains(String key) {
            return objects.containsKey(key);
        }

        @Override
        public void close() {}
    }
}
