package io.perch.keycloak.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.LogLines;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IndexCheckTest {

    private static final MissingIndex EMAIL = new MissingIndex("email", "create index");
    private static final MissingIndex USERNAME = new MissingIndex("username", "create index");

    private final IndexCheck check = new IndexCheck();
    private final List<MissingIndex> missing = new ArrayList<>(List.of(EMAIL));

    @RegisterExtension
    final LogLines log = new LogLines(IndexCheck.class);

    @Test
    void aSynchronizationWarnsOfNoIndexTwice() {
        Settings settings = OldSettings.of("postgresql", "old");
        check.warnOfNew(settings, database());
        check.warnOfNew(settings, database());
        assertEquals(1, log.all().size(), log.all()::toString);

        missing.add(USERNAME);
        check.warnOfNew(settings, database());
        assertEquals(2, log.all().size(), log.all()::toString);

        check.warnOfNew(OldSettings.of("postgresql", "other"), database());
        assertEquals(4, log.all().size(), log.all()::toString);
    }

    @Test
    void anIndexThatIsDroppedAgainIsANewWarning() {
        Settings settings = OldSettings.of("postgresql", "old");
        check.warnOfNew(settings, database());
        missing.clear();
        check.warnOfNew(settings, database());
        missing.add(EMAIL);
        check.warnOfNew(settings, database());
        assertEquals(2, log.all().size(), log.all()::toString);
    }

    @Test
    void everySavedFederationIsAWarning() {
        Settings settings = OldSettings.of("postgresql", "old");
        check.warn(settings, database());
        check.warn(settings, database());
        assertEquals(2, log.all().size(), log.all()::toString);
    }

    private LegacyDatabase database() {
        return (LegacyDatabase) Proxy.newProxyInstance(
                LegacyDatabase.class.getClassLoader(),
                new Class<?>[] {LegacyDatabase.class},
                (proxy, method, arguments) -> List.copyOf(missing));
    }
}
