package io.perch.keycloak.emailcode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A code and the mailbox that it was sent to. Both can be one token, for a link in the mail. The token contains only what the mail
 * contains, and it is not stored.
 *
 * @param email the mailbox's address
 * @param code as it is in the mail
 */
public record MailedCode(String email, String code) {

    private static final String SEPARATOR = ":";

    /** Both as one text that can be part of a URL (base64url, RFC 4648, section 5). */
    public String token() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((code + SEPARATOR + email).getBytes(StandardCharsets.UTF_8));
    }

    /** The content of a token; empty if the text is not a token. It does not check the code. */
    public static Optional<MailedCode> of(String token) {
        try {
            String[] parts =
                    new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(SEPARATOR, 2);
            return parts.length == 2 ? Optional.of(new MailedCode(parts[1], parts[0])) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Without the code, because a code must not appear in a log. */
    @Override
    public String toString() {
        return "a code for a mailbox";
    }
}
