package io.perch.keycloak.legacy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a database server answers: a name or an address, without anything that a URL could take for more. */
record Host(String name, int port) {

    private static final int LAST_PORT = 65_535;
    private static final Pattern HOST = Pattern.compile(
            "(?<name>[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}])(:(?<port>[1-9][0-9]{0,4}))?");

    /** What is written as {@code a} or {@code a:27018}; empty where it is neither. */
    static Optional<Host> of(String text, int otherwise) {
        Matcher matcher = HOST.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String port = matcher.group("port");
        return Optional.of(new Host(matcher.group("name"), port == null ? otherwise : Integer.parseInt(port)))
                .filter(host -> host.port <= LAST_PORT);
    }

    @Override
    public String toString() {
        return name + ":" + port;
    }
}
