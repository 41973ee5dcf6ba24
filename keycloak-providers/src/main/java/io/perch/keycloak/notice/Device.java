package io.perch.keycloak.notice;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.device.DeviceRepresentationProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.account.DeviceRepresentation;

/**
 * The device of a sign-in: the ID of its browser if the browser keeps our cookie, otherwise what its request says about it. Versions are
 * left out, because they change with updates.
 *
 * @param id the ID in the browser's cookie; null if the sign-in does not come from Keycloak's pages
 * @param browser the browser's name; empty if it is not known
 * @param system the operating system's name; empty if it is not known
 */
record Device(@Nullable String id, String browser, String system) {

    private static final int MAX_LENGTH = 60;

    /** Keycloak's names for an unknown browser or system. */
    private static final Set<String> UNKNOWN = Set.of("Unknown", "Other");

    /**
     * The device of the request. The names are from the header User-Agent as Keycloak reads it. Sets the cookie of a browser without
     * one.
     */
    static Device in(KeycloakSession session) {
        @Nullable String id = DeviceCookie.renew(session).orElse(null);
        DeviceRepresentation device =
                session.getProvider(DeviceRepresentationProvider.class).deviceRepresentation();
        return device == null
                ? new Device(id, "", "")
                : new Device(id, family(device.getBrowser()), known(device.getOs()));
    }

    /** The same device without its cookie. */
    Device withoutCookie() {
        return new Device(null, browser, system);
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
        return name.length() <= MAX_LENGTH ? name : name.substring(0, MAX_LENGTH);
    }
}
