package io.perch.localstack;

import io.perch.envfile.EnvFile;
import io.perch.envfile.EnvFileException;
import io.perch.localstack.Stack.Member;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Starts the local stack from the command line; see {@link Arguments#USAGE}. */
public final class Main {

    /** The name of the log for everything in this JVM except Kafka, which has its own log. */
    static final String OWN_LOG = "local-stack";

    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final Duration LEFT_OVER_TIMEOUT = Duration.ofSeconds(10);

    private Main() {}

    /** Runs until it is stopped or a component fails. Exit code 1 is a failure, 2 is a wrong argument or setting. */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            run(List.of(arguments), EnvFile.environment(), new Console(System.out));
        } catch (UsageException | EnvFileException e) {
            exit(MISUSED, e);
        } catch (StackException e) {
            exit(FAILED, e);
        }
    }

    private static void exit(int code, Exception reason) {
        System.err.println("perch: " + reason.getMessage());
        System.exit(code);
    }

    private static void run(List<String> line, Map<String, String> variables, Console console)
            throws UsageException, StackException, InterruptedException {
        var arguments = Arguments.parse(line);
        if (arguments.help()) {
            console.print(Arguments.USAGE.stripTrailing());
            return;
        }
        var ports = Ports.of(variables, arguments.portsOffset());
        var installation = Installation.ofThisJar();
        installation.requireComplete();
        var data = DataDirectory.lock(dataDirectory(installation, variables));
        logTo(data.root().resolve("logs"));

        var stack = stack(installation, data, new Environment(variables), ports, console);
        endLeftOver(data, console);
        ports.requireFree();
        Runtime.getRuntime().addShutdownHook(new Thread(stack::stop));
        console.say("perch", "starting, data in " + data.root());
        try {
            stack.run(() -> console.print(Summary.of(ports, data)));
        } catch (StackException e) {
            stack.stop();
            throw e;
        }
    }

    /**
     * Makes the servers of this JVM log to files. The logging starts here, before the servers. Otherwise both would
     * start at the same time.
     */
    private static void logTo(Path directory) {
        // Used in log4j2.xml
        System.setProperty("perch.logs", directory.toString());
        LoggerFactory.getILoggerFactory();
    }

    private static Path dataDirectory(Installation installation, Map<String, String> variables) {
        var named = variables.getOrDefault("PERCH_DATA_DIR", "");
        return named.isBlank()
                ? installation.defaultDataDirectory()
                : Path.of(named).toAbsolutePath().normalize();
    }

    private static Stack stack(
            Installation installation, DataDirectory data, Environment environment, Ports ports, Console console) {
        var mongo = new Member(new MongoDb(data, ports.mongo()));
        var kafka = new Member(new KafkaBroker(data, ports));
        var redis = new Member(new RedisServer(data, environment, ports.redis()));
        var mail = new Member(new MailSink(data, ports.smtp(), console));
        var keycloak = new Member(new KeycloakServer(installation, data, environment, ports, console));
        // It does not need Keycloak for its start. It fetches the keys with the first token
        var api = new Member(new ResourceServer(installation, data, environment, ports), mongo, kafka);
        // The console calls other servers only when a user opens it
        var pages = new Member(new WebConsole(installation, data, environment, ports), redis);
        return new Stack(List.of(mongo, kafka, redis, mail, keycloak, api, pages), console);
    }

    /** Stops the child processes of a launcher that was killed and used this data directory. */
    private static void endLeftOver(DataDirectory data, Console console) throws StackException, InterruptedException {
        for (var component : List.of("keycloak", "redis", "resource-server", "web-console")) {
            var pidFile = data.pidFile(component);
            try {
                var running = pidFile.running();
                if (!running.isEmpty()) {
                    console.say(
                            component,
                            "ending what an earlier run left: pid "
                                    + running.stream()
                                            .map(process -> Long.toString(process.pid()))
                                            .toList());
                    ChildProcess.endLeftOver(running, LEFT_OVER_TIMEOUT);
                }
                pidFile.delete();
            } catch (IOException e) {
                throw new StackException("The pid file " + pidFile.file() + " cannot be read: " + e.getMessage());
            }
        }
    }
}
