package io.perch.envfile;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports a {@code .env} that cannot be read, without a stack trace. */
final class EnvFileFailureAnalyzer extends AbstractFailureAnalyzer<EnvFileException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, EnvFileException cause) {
        return new FailureAnalysis(cause.getMessage(), "Correct the line, or remove the file.", cause);
    }
}
