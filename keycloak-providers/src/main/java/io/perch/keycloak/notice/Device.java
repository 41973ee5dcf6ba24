package io.perch.keycloak.notice;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.device.DeviceRepresentationProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.account.DeviceRepresentation;

/**
 * What somebody signs in with, as far as the request tells; without versions, which change by themselves.
 *
 * @param browser its name, empty where it is not known
 * @param system the operating system's name, empty where it is not known
 */
record Device(String browser, String system) {

    private static final int LONGEST = 60;

    /** What Keycloak says where it does not know. */
    private static final Set<String> UNKNOWN = Set.of("Unknown", "Other");

    /** What Keycloak makes of the header User-Agent. */
    static Device in(KeycloakSession session) {
        DeviceRepresentation device =
                session.getProvider(DeviceRepresentationProvider.class).deviceRepresentation();
        return device == null ? new Device("", "") : new Device(family(device.getBrowser()), known(device.getOs()));
    }

    private static String family(@Nullable String browser) {
        String name = known(browser);
        int version = name.lastIndexOf('/');
        return known(version < 0 ? name : name.substring(0, version));
    }

    private static String known(@Nullable String name) {
        if (name == null || UNKNOWN.contains(name)) {
            return "";
        }
        return name.length() <= LONGEST ? name : name.substring(0, LONGEST);
    }
}
