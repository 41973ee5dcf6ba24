package io.perch.envfile;

/** The file {@code .env} cannot be read. The message names the file and the line, and never a value, which may be a secret. */
public final class EnvFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EnvFileException(String message) {
        super(message);
    }
}
