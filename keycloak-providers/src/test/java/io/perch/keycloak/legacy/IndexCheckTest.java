package io.perch.keycloak.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IndexCheckTest {

    private static final Logger LOG = Logger.getLogger(IndexCheck.class.getName());
    private static final MissingIndex EMAIL = new MissingIndex("email", "create index");
    private static final MissingIndex USERNAME = new MissingIndex("username", "create index");

    private final IndexCheck check = new IndexCheck();
    private final List<MissingIndex> missing = new ArrayList<>(List.of(EMAIL));
    private final List<String> warnings = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            warnings.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void readTheLog() {
        LOG.addHandler(handler);
    }

    @AfterEach
    void leaveTheLog() {
        LOG.removeHandler(handler);
    }

    @Test
    void aSynchronizationWarnsOfNoIndexTwice() {
        Settings settings = OldSettings.of("postgresql", "old");
        check.warnOfNew(settings, database());
        check.warnOfNew(settings, database());
        assertEquals(1, warnings.size(), warnings::toString);

        missing.add(USERNAME);
        check.warnOfNew(settings, database());
        assertEquals(2, warnings.size(), warnings::toString);

        check.warnOfNew(OldSettings.of("postgresql", "other"), database());
        assertEquals(4, warnings.size(), warnings::toString);
    }

    @Test
    void anIndexThatIsDroppedAgainIsANewWarning() {
        Settings settings = OldSettings.of("postgresql", "old");
        check.warnOfNew(settings, database());
        missing.clear();
        check.warnOfNew(settings, database());
        missing.add(EMAIL);
        check.warnOfNew(settings, database());
        assertEquals(2, warnings.size(), warnings::toString);
    }

    @Test
    void everySavedFederationIsAWarning() {
        Settings settings = OldSettings.of("postgresql", "old");
        check.warn(settings, database());
        check.warn(settings, database());
        assertEquals(2, warnings.size(), warnings::toString);
    }

    private LegacyDatabase database() {
        return (LegacyDatabase) Proxy.newProxyInstance(
                LegacyDatabase.class.getClassLoader(),
                new Class<?>[] {LegacyDatabase.class},
                (proxy, method, arguments) -> List.copyOf(missing));
    }
}
