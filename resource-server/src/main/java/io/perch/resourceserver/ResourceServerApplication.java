package io.perch.resourceserver;

import io.perch.resourceserver.account.ResealCommand;
import io.perch.resourceserver.crypto.KeysetCommands;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the resource server, or runs one of the commands that care for its encryption keys. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class ResourceServerApplication {

    /**
     * Starts the server, or runs a command and ends.
     *
     * @param args {@code generate-keyset} or {@code rotate-keyset} (see {@link KeysetCommands}), {@code reseal} (see
     *     {@link ResealCommand}); everything else is left to Spring Boot
     */
    public static void main(String[] args) {
        switch (args.length == 0 ? "" : args[0]) {
            case "generate-keyset", "rotate-keyset" ->
                end(KeysetCommands.run(List.of(args), System.getenv(), System.out, System.err));
            case "reseal" -> end(ResealCommand.run(Arrays.copyOfRange(args, 1, args.length), System.out));
            default -> SpringApplication.run(ResourceServerApplication.class, args);
        }
    }

    private static void end(int exitCode) {
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }
}
