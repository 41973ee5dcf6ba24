package io.perch.keycloak.emailcode;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.keycloak.models.RealmModel;

/** The page of a front end that takes a new password, which the mail with the code links to where a realm names it. */
final class ResetLink {

    /** The realm's attribute with the page's address, which has {@code {token}} where the token goes. */
    static final String ATTRIBUTE = "email-code.reset-link";

    private static final Logger LOG = Logger.getLogger(ResetLink.class);
    private static final String TOKEN = "{token}";
    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://[^\\s\"<>]+");

    private ResetLink() {}

    /** The link for a code; empty where the realm has none, or one that is no address. */
    static Optional<String> in(RealmModel realm, MailedCode code) {
        String page = realm.getAttribute(ATTRIBUTE);
        if (page == null || page.isBlank()) {
            return Optional.empty();
        }
        if (!page.contains(TOKEN) || !WEB_ADDRESS.matcher(page.strip()).matches()) {
            LOG.warnf("email_code_reset_link_wrong realm=%s: it must be a web address with %s", realm.getName(), TOKEN);
            return Optional.empty();
        }
        return Optional.of(page.strip().replace(TOKEN, code.token()));
    }
}
