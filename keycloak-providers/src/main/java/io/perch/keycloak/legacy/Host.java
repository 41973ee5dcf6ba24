package io.perch.keycloak.legacy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The host and port of a database server. The pattern excludes characters that have a meaning in a URL. */
record Host(String name, int port) {

    private static final int LAST_PORT = 65_535;
    private static final Pattern HOST = Pattern.compile(
            "(?<name>[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}])(:(?<port>[1-9][0-9]{0,4}))?");

    /** Reads {@code a} or {@code a:27018}; empty if the text is neither. */
    static Optional<Host> of(String text, int defaultPort) {
        Matcher matcher = HOST.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String port = matcher.group("port");
        return Optional.of(new Host(matcher.group("name"), port == null ? defaultPort : Integer.parseInt(port)))
                .filter(host -> host.port <= LAST_PORT);
    }

    @Override
    public String toString() {
        return name + ":" + port;
    }
}
