package io.perch.localstack;

import java.io.PrintStream;

/** What the user sees: plain lines, each with the name of the component that it is about. */
final class Console {

    private final PrintStream out;

    Console(PrintStream out) {
        this.out = out;
    }

    /** Prints {@code [who] what} as one line; a text of several lines stays together. */
    void say(String who, String what) {
        print("[" + who + "] " + what);
    }

    /** Prints a text as it stands. */
    void print(String text) {
        // One call, so that components that speak at the same time do not mix their lines
        out.print(text + System.lineSeparator());
        out.flush();
    }
}
