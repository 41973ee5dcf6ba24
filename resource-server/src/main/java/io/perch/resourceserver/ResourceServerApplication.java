package io.perch.resourceserver;

import io.perch.envfile.EnvFile;
import io.perch.envfile.EnvFileException;
import io.perch.resourceserver.crypto.KeysetCommands;
import io.perch.resourceserver.mongo.CreateIndexesCommand;
import io.perch.resourceserver.task.AdoptOldTasksCommand;
import io.perch.resourceserver.task.ResealCommand;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * Starts the resource server, or runs one of the commands for encryption keys and the database. Both read the environment variables and
 * the file {@code .env}.
 */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class ResourceServerApplication {

    /**
     * Starts the server, or runs a command and ends.
     *
     * @param args {@code generate-keyset} or {@code rotate-keyset} (see {@link KeysetCommands}), {@code reseal} (see {@link
     *     ResealCommand}), {@code create-indexes} (see {@link CreateIndexesCommand}), {@code adopt-old-tasks} (see {@link
     *     AdoptOldTasksCommand}); all other arguments are passed to Spring Boot
     */
    public static void main(String[] args) {
        switch (args.length == 0 ? "" : args[0]) {
            case "generate-keyset", "rotate-keyset" -> end(keysetCommand(List.of(args)));
            case "reseal" -> end(ResealCommand.run(rest(args), System.out));
            case "create-indexes" -> end(CreateIndexesCommand.run(rest(args), System.out));
            case "adopt-old-tasks" -> end(AdoptOldTasksCommand.run(rest(args), System.out));
            default -> SpringApplication.run(ResourceServerApplication.class, args);
        }
    }

    private static int keysetCommand(List<String> command) {
        try {
            return KeysetCommands.run(command, EnvFile.environment(), System.out, System.err);
        } catch (EnvFileException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    private static String[] rest(String[] args) {
        return Arrays.copyOfRange(args, 1, args.length);
    }

    private static void end(int exitCode) {
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }
}
