package io.perch.resourceserver.crypto;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Turns keys that are missing or malformed into one clear line at start instead of a stack trace. */
class KeysetFailureAnalyzer extends AbstractFailureAnalyzer<KeysetUnavailableException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, KeysetUnavailableException cause) {
        Throwable reason = cause.getCause();
        String description = reason == null ? cause.getMessage() : cause.getMessage() + ": " + reason.getMessage();
        return new FailureAnalysis(description, cause.action(), cause);
    }
}
