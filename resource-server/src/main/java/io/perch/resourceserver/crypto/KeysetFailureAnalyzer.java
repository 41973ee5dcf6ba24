package io.perch.resourceserver.crypto;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports missing or malformed keys in one clear message at the start, without a stack trace. */
class KeysetFailureAnalyzer extends AbstractFailureAnalyzer<KeysetUnavailableException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, KeysetUnavailableException cause) {
        Throwable reason = cause.getCause();
        String description = reason == null ? cause.getMessage() : cause.getMessage() + ": " + reason.getMessage();
        return new FailureAnalysis(description, cause.action(), cause);
    }
}
