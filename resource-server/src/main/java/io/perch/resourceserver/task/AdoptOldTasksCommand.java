package io.perch.resourceserver.task;

import com.mongodb.MongoException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;

/**
 * The command that converts the old service's documents to tasks. It reads a file that maps each old user to a Keycloak user: one
 * line per user with the old ID, a comma and the new ID.
 */
public final class AdoptOldTasksCommand {

    private static final String OWNERS = "--owners=";

    private AdoptOldTasksCommand() {}

    /**
     * Runs the command.
     *
     * @param args {@code --owners=FILE}, and Spring Boot settings
     * @param out where the result is printed
     * @return the exit code: 0 if no document of the old service is left; 1 if one is left or the database is unavailable; 2 if
     *     the file cannot be read
     */
    public static int run(String[] args, PrintStream out) {
        Map<String, String> owners = new HashMap<>();
        try {
            for (String arg : args) {
                if (arg.startsWith(OWNERS)) {
                    read(Path.of(arg.substring(OWNERS.length())), owners);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            out.println("The file of owners cannot be read: " + e.getMessage());
            return 2;
        }
        String[] settings =
                Arrays.stream(args).filter(arg -> !arg.startsWith(OWNERS)).toArray(String[]::new);
        try (ConfigurableApplicationContext context = CommandContext.start(settings)) {
            OldTaskAdoption.Counts counts =
                    context.getBean(OldTaskAdoption.class).run(owners);
            out.println("%d documents of the old service became tasks, %d were left: their owner is not known"
                    .formatted(counts.adopted(), counts.left()));
            return counts.left() == 0 ? 0 : 1;
        } catch (DataAccessException | MongoException e) {
            out.println("The database is unavailable: " + e.getMessage());
            return 1;
        }
    }

    private static void read(Path file, Map<String, String> owners) throws IOException {
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String[] ids = line.strip().split("\\s*,\\s*", -1);
            if (ids.length == 2 && !ids[0].isEmpty() && !ids[1].isEmpty()) {
                owners.put(ids[0], ids[1]);
            } else if (!line.isBlank()) {
                throw new IllegalArgumentException(
                        "line %d is not two ids with a comma between them".formatted(number));
            }
        }
    }
}
