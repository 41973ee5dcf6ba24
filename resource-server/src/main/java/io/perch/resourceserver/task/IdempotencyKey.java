package io.perch.resourceserver.task;

import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client's identifier for one request. A repeated request with it has no further effect
 * (draft-ietf-httpapi-idempotency-key-header).
 *
 * @param value 1 to 128 visible ASCII characters
 */
record IdempotencyKey(String value) {

    /** The draft requires a quoted string (RFC 8941), but many clients omit the quotes. */
    private static final Pattern FORM = Pattern.compile("\"([!#-\\[\\]-~]{1,128})\"|([!#-\\[\\]-~]{1,128})");

    /**
     * Reads the header's value.
     *
     * @throws ProblemException if it is not a key
     */
    static IdempotencyKey parse(String header) {
        Matcher form = FORM.matcher(header.strip());
        if (!form.matches()) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    "'Idempotency-Key' must be 1 to 128 visible ASCII characters, in quotes or without");
        }
        String quoted = form.group(1);
        return new IdempotencyKey(quoted == null ? form.group(2) : quoted);
    }
}
