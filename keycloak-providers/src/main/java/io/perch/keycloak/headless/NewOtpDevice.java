package io.perch.keycloak.headless;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.keycloak.models.OTPPolicy;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.Base32;
import org.keycloak.models.utils.HmacOTP;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * A new authenticator app. Keycloak's page has the secret in its form, so a client could send one of its own. Here the secret stays
 * in the authentication session, and what the client sends cannot replace it.
 */
final class NewOtpDevice {

    /** The member with the name that the user gives to the app; optional. */
    static final String LABEL = "otp_label";

    private static final String SECRET = "perch-headless-totp-secret";
    private static final int SECRET_LENGTH = 20;

    private NewOtpDevice() {}

    static Map<String, Object> details(StepContext context) {
        RealmModel realm = context.login().getRealm();
        OTPPolicy policy = realm.getOTPPolicy();
        String secret = secret(context.login());
        return Map.of(
                "secret",
                Base32.encode(secret.getBytes(StandardCharsets.UTF_8)),
                "uri",
                policy.getKeyURI(realm, context.login().getAuthenticatedUser(), secret));
    }

    static Optional<MultivaluedMap<String, String>> form(StepContext context, Entry entry) {
        return entry.get(OtpDevices.OTP).map(code -> {
            MultivaluedMap<String, String> form = new MultivaluedHashMap<>();
            form.putSingle("totp", code);
            form.putSingle("totpSecret", secret(context.login()));
            form.putSingle("userLabel", entry.get(LABEL).orElse(""));
            return form;
        });
    }

    private static String secret(AuthenticationSessionModel login) {
        String known = login.getAuthNote(SECRET);
        if (known != null) {
            return known;
        }
        String secret = HmacOTP.generateSecret(SECRET_LENGTH);
        login.setAuthNote(SECRET, secret);
        return secret;
    }
}
