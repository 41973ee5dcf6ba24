package io.perch.localstack;

/** The text that the user sees when the stack has started: addresses, users, and first commands to try. */
final class Summary {

    private Summary() {}

    static String of(Ports ports, DataDirectory data) {
        return """

                Perch is up. Ctrl-C stops it.

                  Perch              %9$s
                  Keycloak admin     %1$s/admin/master/console/  (%5$s / %5$s)
                  Account console    %1$s/realms/perch/account/
                  API                %2$s
                  API docs           %2$s/docs
                  Mail               %3$s
                  Logs               %4$s
                  Kafka              localhost:%6$d
                  MongoDB            mongodb://localhost:%7$d
                  Redis              redis://localhost:%8$d

                  User    Password           Role
                  alice   perch-demo-alice   user
                  mona    perch-demo-mona    moderator
                  ada     perch-demo-ada     admin

                Open the first address in a browser. Or in another terminal: get a token, submit a login, read the task.

                """.formatted(
                                keycloak(ports),
                                api(ports),
                                data.root().resolve("mail"),
                                data.root().resolve("logs"),
                                KeycloakServer.ADMIN,
                                ports.kafka(),
                                ports.mongo(),
                                ports.redis(),
                                WebConsole.url(ports))
                + String.join(System.lineSeparator(), firstSteps(ports))
                + System.lineSeparator();
    }

    /**
     * Three lines for a POSIX shell. The third one waits, because the login still runs when the second one has its
     * answer.
     */
    private static String[] firstSteps(Ports ports) {
        return new String[] {
            "TOKEN=$(curl -sS " + keycloak(ports) + "/realms/perch/protocol/openid-connect/token"
                    + " -d grant_type=password -d client_id=perch-cli -d username=alice -d password=perch-demo-alice"
                    + " | " + field("access_token") + ")",
            "TASK=$(curl -sS " + api(ports) + "/twitter-login -H \"Authorization: Bearer $TOKEN\""
                    + " -H 'Content-Type: application/json'"
                    + " -d '{\"username\":\"perch_demo\",\"password\":\"any-password\",\"phone_number\":\"+14155552671\"}'"
                    + " | " + field("task_id") + ")",
            "sleep 3; curl -sS " + api(ports) + "/tasks/$TASK -H \"Authorization: Bearer $TOKEN\""
        };
    }

    private static String field(String name) {
        return "sed -n 's/.*\"" + name + "\" *: *\"\\([^\"]*\\)\".*/\\1/p'";
    }

    private static String keycloak(Ports ports) {
        return "http://localhost:" + ports.keycloak();
    }

    private static String api(Ports ports) {
        return "http://localhost:" + ports.api();
    }
}
