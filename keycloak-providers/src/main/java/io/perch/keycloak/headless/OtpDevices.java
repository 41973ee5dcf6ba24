package io.perch.keycloak.headless;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.OTPCredentialModel;

/**
 * The user's authenticator apps (RFC 6238, RFC 4226). A client names one by its place in the list, so that it never sends an id of
 * Keycloak's.
 */
final class OtpDevices {

    /** The member with the app's code. */
    static final String OTP = "otp";

    /** The member with the place of the app in {@link #DEVICES}, from 0. */
    static final String DEVICE = "otp_device";

    /** The names that the user has given to several apps. */
    static final String DEVICES = "otp_devices";

    private static final Pattern PLACE = Pattern.compile("[0-9]{1,3}");

    private OtpDevices() {}

    static Map<String, Object> details(StepContext context) {
        List<CredentialModel> devices = devices(context);
        return devices.size() < 2
                ? Map.of()
                : Map.of(
                        DEVICES,
                        devices.stream()
                                .map(device -> Optional.ofNullable(device.getUserLabel())
                                        .orElse(""))
                                .toList());
    }

    static Optional<MultivaluedMap<String, String>> form(StepContext context, Entry entry) {
        Optional<String> code = entry.get(OTP);
        Optional<String> place = entry.get(DEVICE);
        if (code.isEmpty()) {
            return Optional.empty();
        }
        MultivaluedMap<String, String> form = new MultivaluedHashMap<>();
        form.putSingle("otp", code.get());
        if (place.isPresent()) {
            Optional<String> id = id(context, place.get());
            if (id.isEmpty()) {
                return Optional.empty();
            }
            form.putSingle("selectedCredentialId", id.get());
        }
        return Optional.of(form);
    }

    private static Optional<String> id(StepContext context, String place) {
        if (!PLACE.matcher(place).matches()) {
            return Optional.empty();
        }
        return devices(context).stream()
                .skip(Integer.parseInt(place))
                .findFirst()
                .map(CredentialModel::getId);
    }

    private static List<CredentialModel> devices(StepContext context) {
        UserModel user = context.login().getAuthenticatedUser();
        return user == null
                ? List.of()
                : user.credentialManager()
                        .getStoredCredentialsByTypeStream(OTPCredentialModel.TYPE)
                        .toList();
    }
}
