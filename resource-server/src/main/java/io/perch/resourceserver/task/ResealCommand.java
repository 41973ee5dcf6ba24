package io.perch.resourceserver.task;

import com.mongodb.MongoException;
import io.perch.resourceserver.account.AccountResealing;
import io.perch.resourceserver.crypto.ResealCounts;
import java.io.OutputStream;
import java.io.PrintStream;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;

/**
 * The command that seals all stored values with the keyset's primary key. It needs the database and the keys, by the same
 * settings as the server, and nothing else.
 */
public final class ResealCommand {

    /** While servers run, a task that was read late can copy an old value to its account, so one more pass looks again. */
    private static final int MOST_PASSES = 10;

    private ResealCommand() {}

    /**
     * Runs the command.
     *
     * @param args settings, as Spring Boot takes them
     * @param out where each value that failed is reported, and at the end how many values there were
     * @return the exit code: 0 if every value is sealed with the primary key now; 1 if one is not, or the database is unavailable
     */
    public static int run(String[] args, PrintStream out) {
        try (ConfigurableApplicationContext context = CommandContext.start(args)) {
            return run(context.getBean(TaskResealing.class), context.getBean(AccountResealing.class), out);
        }
    }

    /** Open tasks come before accounts, because their values are copied that way. */
    private static int run(TaskResealing tasks, AccountResealing accounts, PrintStream out) {
        ResealCounts first = new ResealCounts(out);
        ResealCounts counts = first;
        try {
            tasks.run(counts);
            accounts.run(counts);
            for (int pass = 1; pass < MOST_PASSES && counts.resealedCount() > 0; pass++) {
                counts = new ResealCounts(new PrintStream(OutputStream.nullOutputStream()));
                tasks.run(counts);
                accounts.run(counts);
            }
            out.println(first.summary());
            return counts.failedCount() == 0 && first.failedCount() == 0 ? 0 : 1;
        } catch (DataAccessException | MongoException e) {
            out.println("The database is unavailable: " + e.getMessage());
            out.println("Until then " + first.summary() + "; run it again for the rest");
            return 1;
        }
    }
}
