package io.perch.localstack;

import java.util.List;

/**
 * The arguments of the command line.
 *
 * @param portsOffset added to every port; 0 or more
 * @param help whether {@link #USAGE} is to be printed, and nothing started
 */
record Arguments(int portsOffset, boolean help) {

    static final String USAGE = """
            Usage: ./perch [--ports-offset N] [--help]

            Starts Perch on this machine: the web console, Keycloak, Kafka, MongoDB, Redis, a mail
            sink and the resource server, all bound to loopback. Ctrl-C stops everything.

              --ports-offset N   adds N to every port, to run two stacks at once
                                 (each needs its own data directory)
              --help             prints this text

            Environment, or the file .env in the working directory:
              PERCH_DATA_DIR                   data, logs and secrets (default: local-stack/data)
              PERCH_CONSOLE_PORT               3000
              PERCH_KEYCLOAK_PORT              8080
              PERCH_KEYCLOAK_MANAGEMENT_PORT   9000
              PERCH_API_PORT                   8000
              PERCH_KAFKA_PORT                 9092
              PERCH_KAFKA_CONTROLLER_PORT      9093
              PERCH_MONGO_PORT                 27017
              PERCH_REDIS_PORT                 6379
              PERCH_SMTP_PORT                  1025
              FRONTEND_URL                     http://localhost:3000
            """;

    private static final String PORTS_OFFSET = "--ports-offset";

    /** Parses the command line. Refuses every argument that {@link #USAGE} does not list. */
    static Arguments parse(List<String> arguments) throws UsageException {
        int offset = 0;
        var rest = arguments.iterator();
        while (rest.hasNext()) {
            var argument = rest.next();
            if (argument.equals("--help") || argument.equals("-h")) {
                return new Arguments(0, true);
            } else if (argument.startsWith(PORTS_OFFSET + "=")) {
                offset = offset(argument.substring(PORTS_OFFSET.length() + 1));
            } else if (argument.equals(PORTS_OFFSET) && rest.hasNext()) {
                offset = offset(rest.next());
            } else if (argument.equals(PORTS_OFFSET)) {
                throw new UsageException(PORTS_OFFSET + " needs a number");
            } else {
                throw new UsageException("Unknown argument '" + argument + "'; see --help");
            }
        }
        return new Arguments(offset, false);
    }

    private static int offset(String value) throws UsageException {
        try {
            int offset = Integer.parseInt(value);
            if (offset >= 0 && offset <= Ports.HIGHEST) {
                return offset;
            }
        } catch (NumberFormatException e) {
            // Reported below, together with values out of range
        }
        throw new UsageException(PORTS_OFFSET + " needs a number from 0 to " + Ports.HIGHEST + ", not '" + value + "'");
    }
}
