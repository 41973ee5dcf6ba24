package io.perch.localstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The ports of the stack. All are on loopback. */
record Ports(
        int console,
        int keycloak,
        int keycloakManagement,
        int api,
        int kafka,
        int kafkaController,
        int mongo,
        int redis,
        int smtp) {

    static final int HIGHEST = 65_535;

    /** A port with its server and with the variable that changes it. */
    private record Port(String owner, String variable, int number) {

        String description() {
            return number + " (" + owner + ", " + variable + ")";
        }
    }

    /**
     * The default ports, or those of the environment variables, plus the offset.
     *
     * @param offset added to each port
     */
    static Ports of(Map<String, String> environment, int offset) throws UsageException {
        var ports = new Ports(
                port(environment, "PERCH_CONSOLE_PORT", 3000, offset),
                port(environment, "PERCH_KEYCLOAK_PORT", 8080, offset),
                port(environment, "PERCH_KEYCLOAK_MANAGEMENT_PORT", 9000, offset),
                port(environment, "PERCH_API_PORT", 8000, offset),
                port(environment, "PERCH_KAFKA_PORT", 9092, offset),
                port(environment, "PERCH_KAFKA_CONTROLLER_PORT", 9093, offset),
                port(environment, "PERCH_MONGO_PORT", 27017, offset),
                port(environment, "PERCH_REDIS_PORT", 6379, offset),
                port(environment, "PERCH_SMTP_PORT", 1025, offset));
        ports.requireDistinct();
        return ports;
    }

    private static int port(Map<String, String> environment, String variable, int defaultPort, int offset)
            throws UsageException {
        var value = environment.getOrDefault(variable, "");
        try {
            int port = (value.isBlank() ? defaultPort : Integer.parseInt(value.strip())) + offset;
            if (port >= 1 && port <= HIGHEST) {
                return port;
            }
            throw new UsageException(variable + " gives " + port + ", but a port is from 1 to " + HIGHEST);
        } catch (NumberFormatException e) {
            throw new UsageException(variable + " must be a number, not '" + value + "'");
        }
    }

    private void requireDistinct() throws UsageException {
        var seen = new HashMap<Integer, Port>();
        for (var port : all().toList()) {
            var other = seen.put(port.number(), port);
            if (other != null) {
                throw new UsageException(
                        "%s and %s are both %d".formatted(other.variable(), port.variable(), port.number()));
            }
        }
    }

    /** Checks that all ports are free. The message lists all that are in use, in one line. */
    void requireFree() throws StackException {
        var taken = all().filter(port -> isTaken(port.number()))
                .map(Port::description)
                .toList();
        if (!taken.isEmpty()) {
            throw new StackException(
                    "%s taken: %s. Stop the program that uses it, set the variable, or use --ports-offset N"
                            .formatted(taken.size() == 1 ? "A port is" : "Ports are", String.join(", ", taken)));
        }
    }

    private Stream<Port> all() {
        return Stream.of(
                new Port("web console", "PERCH_CONSOLE_PORT", console),
                new Port("Keycloak", "PERCH_KEYCLOAK_PORT", keycloak),
                new Port("Keycloak's management", "PERCH_KEYCLOAK_MANAGEMENT_PORT", keycloakManagement),
                new Port("resource server", "PERCH_API_PORT", api),
                new Port("Kafka", "PERCH_KAFKA_PORT", kafka),
                new Port("Kafka's controller", "PERCH_KAFKA_CONTROLLER_PORT", kafkaController),
                new Port("MongoDB", "PERCH_MONGO_PORT", mongo),
                new Port("Redis", "PERCH_REDIS_PORT", redis),
                new Port("mail", "PERCH_SMTP_PORT", smtp));
    }

    /** Whether a server listens on 127.0.0.1 or on ::1. A client may try ::1 first for localhost. */
    private static boolean isTaken(int port) {
        return Stream.of("127.0.0.1", "::1").anyMatch(address -> isTaken(address, port));
    }

    private static boolean isTaken(String address, int port) {
        try {
            var loopback = InetAddress.getByName(address);
            return NetworkInterface.getByInetAddress(loopback) != null && !canListen(loopback, port);
        } catch (IOException e) {
            // This machine has no such address
            return false;
        }
    }

    private static boolean canListen(InetAddress address, int port) {
        try (var socket = new ServerSocket(port, 1, address)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
