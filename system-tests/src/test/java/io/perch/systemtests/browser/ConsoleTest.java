package io.perch.systemtests.browser;

import com.microsoft.playwright.Browser.NewContextOptions;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.KeycloakAdmin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * Base class of the tests of the web console. A class starts one browser. Each test has its own windows in it, without
 * cookies of other tests. A test fails if a script fails in one of its windows, or if a content security policy
 * refuses something.
 */
@PerchSystemTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConsoleTest {

    final PerchSystem system;

    @AutoClose
    final KeycloakAdmin admin;

    @AutoClose
    private final Chromium chromium = Chromium.start();

    private final List<ConsoleWindow> windows = new ArrayList<>();

    /** The first window of the test. */
    ConsoleWindow window;

    ConsoleTest(PerchSystem system) {
        this.system = system;
        this.admin = new KeycloakAdmin(system);
    }

    @BeforeEach
    void openFirstWindow() {
        window = open();
    }

    /** Opens another window, which shares no cookies with the first one. */
    final ConsoleWindow open() {
        return remember(ConsoleWindow.open(system, chromium));
    }

    /** Like {@link #open()}, with other options than the usual ones. */
    final ConsoleWindow open(NewContextOptions options) {
        return remember(ConsoleWindow.open(system, chromium, options));
    }

    private ConsoleWindow remember(ConsoleWindow opened) {
        windows.add(opened);
        return opened;
    }

    @AfterEach
    void noScriptFails() {
        try {
            windows.forEach(ConsoleWindow::assertNoFaults);
        } finally {
            windows.forEach(opened -> opened.context().close());
            windows.clear();
        }
    }
}
