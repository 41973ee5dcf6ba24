package io.perch.keycloak.headless;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What the page for a code by e-mail says: where the code was sent, and when another mail can be asked for. */
final class MailedTo {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

    private MailedTo() {}

    static Map<String, Object> details(StepContext context) {
        Map<String, Object> details = new HashMap<>();
        if (context.page().get("sentTo") instanceof String sentTo && !sentTo.isEmpty()) {
            details.put("sent_to", sentTo);
        }
        if (context.page().get("secondsToResend") instanceof String seconds
                && NUMBER.matcher(seconds).matches()) {
            details.put("resend_after", Integer.valueOf(seconds));
        }
        return details;
    }
}
