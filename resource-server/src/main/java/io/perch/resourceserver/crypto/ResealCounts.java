package io.perch.resourceserver.crypto;

import java.io.PrintStream;

/** Counts what became of stored values when they were sealed with the newest key. Not for several threads at once. */
public final class ResealCounts {

    private final PrintStream out;
    private long resealed;
    private long skipped;
    private long failed;

    /**
     * Begins to count.
     *
     * @param out where each value that failed is reported
     */
    public ResealCounts(PrintStream out) {
        this.out = out;
    }

    /** A value was sealed with the newest key. */
    public void resealed() {
        resealed++;
    }

    /** A value needed nothing, or was changed by somebody else meanwhile. */
    public void skipped() {
        skipped++;
    }

    /** A value was left as it was. */
    public void failed(String reason) {
        failed++;
        out.println(reason);
    }

    /** Returns how many values were sealed with the newest key. */
    public long resealedCount() {
        return resealed;
    }

    /** Returns how many values were left as they were because of an error. */
    public long failedCount() {
        return failed;
    }

    /** Returns how many values were read, and what became of them. */
    public String summary() {
        return "%d values read: %d resealed, %d skipped, %d failed"
                .formatted(resealed + skipped + failed, resealed, skipped, failed);
    }
}
