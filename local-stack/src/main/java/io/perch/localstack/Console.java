package io.perch.localstack;

import java.io.PrintStream;

/** Prints what the user sees: plain lines, each with the name of the component that it is about. */
final class Console {

    private final PrintStream out;

    Console(PrintStream out) {
        this.out = out;
    }

    /** Prints {@code [who] what} with one call, also if the text has several lines. */
    void say(String who, String what) {
        print("[" + who + "] " + what);
    }

    /** Prints the text unchanged. */
    void print(String text) {
        // With one call, lines of components that print at the same time are not mixed
        out.print(text + System.lineSeparator());
        out.flush();
    }
}
