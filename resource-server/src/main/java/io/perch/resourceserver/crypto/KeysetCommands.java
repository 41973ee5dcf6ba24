package io.perch.resourceserver.crypto;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The commands that create keysets. They need no server and no database, and print only a keyset. */
public final class KeysetCommands {

    private static final String USAGE = """
            generate-keyset           prints a keyset with one new key
            rotate-keyset             reads ENCRYPTION_KEYSET or ENCRYPTION_KEYSET_FILE, prints it with a new primary key added
            rotate-keyset prepare     ... with a new key added that only unseals
            rotate-keyset activate    ... with the newest key as primary key
            rotate-keyset finish      ... with the primary key alone: do it when 'reseal' has no more values to reseal
            """;

    private KeysetCommands() {}

    /**
     * Runs a command.
     *
     * @param command the command and its arguments
     * @param environment the environment variables
     * @param out receives the keyset, which is a secret
     * @param err receives all other output
     * @return the exit code: 0; 1 if the keyset cannot be used; 2 if the command is unknown
     */
    public static int run(List<String> command, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            switch (String.join(" ", command)) {
                case "generate-keyset" -> out.println(Keysets.generate());
                case "rotate-keyset" -> out.println(rotated(KeysetRotation.REPLACE, environment));
                case "rotate-keyset prepare", "rotate-keyset activate", "rotate-keyset finish" ->
                    out.println(rotated(KeysetRotation.valueOf(command.get(1).toUpperCase(Locale.ROOT)), environment));
                default -> {
                    err.print(USAGE);
                    return 2;
                }
            }
            return 0;
        } catch (KeysetUnavailableException e) {
            err.println(e.getMessage());
            err.println(e.action());
            return 1;
        } catch (GeneralSecurityException | InvalidPathException e) {
            err.println("The keyset cannot be rotated: " + e.getMessage());
            return 1;
        }
    }

    private static String rotated(KeysetRotation step, Map<String, String> environment)
            throws GeneralSecurityException {
        EncryptionProperties source = new EncryptionProperties(
                environment.get("ENCRYPTION_KEYSET"),
                Path.of(environment.getOrDefault("ENCRYPTION_KEYSET_FILE", "")),
                null,
                false);
        return Keysets.serialize(step.apply(new KeysetSource(source).load()));
    }
}
