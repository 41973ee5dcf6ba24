package io.perch.resourceserver.crypto;

import java.io.PrintStream;

/** Counts the results of resealing. Not thread-safe. */
public final class ResealCounts {

    private final PrintStream out;
    private long resealed;
    private long skipped;
    private long failed;

    /**
     * Starts with zero.
     *
     * @param out receives a line for each failed value
     */
    public ResealCounts(PrintStream out) {
        this.out = out;
    }

    /** A value was sealed with the newest key. */
    public void resealed() {
        resealed++;
    }

    /** A value is already sealed with the newest key, or was changed in the meantime. */
    public void skipped() {
        skipped++;
    }

    /** A value was not changed because of an error. */
    public void failed(String reason) {
        failed++;
        out.println(reason);
    }

    /** Returns how many values were sealed with the newest key. */
    public long resealedCount() {
        return resealed;
    }

    /** Returns how many values were not changed because of an error. */
    public long failedCount() {
        return failed;
    }

    /** Returns the counts as a text. */
    public String summary() {
        return "%d values read: %d resealed, %d skipped, %d failed"
                .formatted(resealed + skipped + failed, resealed, skipped, failed);
    }
}
