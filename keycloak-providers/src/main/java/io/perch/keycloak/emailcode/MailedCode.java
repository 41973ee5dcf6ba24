package io.perch.keycloak.emailcode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A code together with the mailbox that it went to. As one text it is what a link in a mail needs: it tells no more than the mail,
 * and nothing is stored for it.
 *
 * @param email the mailbox's address
 * @param code as it stands in the mail
 */
public record MailedCode(String email, String code) {

    private static final String SEPARATOR = ":";

    /** Both as one text that may stand in a URL (RFC 4648, 5). */
    public String token() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((code + SEPARATOR + email).getBytes(StandardCharsets.UTF_8));
    }

    /** What a token has; empty where the text is none. Whether the code is right is another question. */
    public static Optional<MailedCode> of(String token) {
        try {
            String[] parts =
                    new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(SEPARATOR, 2);
            return parts.length == 2 ? Optional.of(new MailedCode(parts[1], parts[0])) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Without the code, which must stand in no log. */
    @Override
    public String toString() {
        return "a code for a mailbox";
    }
}
