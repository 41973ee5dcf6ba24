package io.perch.keycloak.emailcode;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.keycloak.models.RealmModel;

/** The link in the mail to a front end's page for a new password. It is there only if a realm configures the page. */
final class ResetLink {

    /** The realm attribute with the page's address. The address must contain {@code {token}} as the placeholder of the token. */
    static final String ATTRIBUTE = "email-code.reset-link";

    private static final Logger LOG = Logger.getLogger(ResetLink.class);
    private static final String TOKEN = "{token}";
    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://[^\\s\"<>]+");

    private ResetLink() {}

    /** The link for a code; empty if the realm has no address or an invalid one. */
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
