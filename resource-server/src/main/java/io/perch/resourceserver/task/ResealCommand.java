package io.perch.resourceserver.task;

import com.mongodb.MongoException;
import io.perch.resourceserver.account.AccountResealing;
import io.perch.resourceserver.crypto.ResealCounts;
import java.io.OutputStream;
import java.io.PrintStream;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;

/**
 * The command that seals all stored values with the keyset's primary key. It needs only the database and the keys, and has the
 * same settings as the server.
 */
public final class ResealCommand {

    /**
     * The largest number of passes. While servers run, a task can copy an old value to its account after the account was
     * resealed. So further passes follow until one finds nothing.
     */
    private static final int MAX_PASSES = 10;

    private ResealCommand() {}

    /**
     * Runs the command.
     *
     * @param args Spring Boot settings
     * @param out where each failed value and the final counts are printed
     * @return the exit code: 0 if every value is now sealed with the primary key; 1 if one is not, or the database is unavailable
     */
    public static int run(String[] args, PrintStream out) {
        try (ConfigurableApplicationContext context = CommandContext.start(args)) {
            return run(context.getBean(TaskResealing.class), context.getBean(AccountResealing.class), out);
        }
    }

    /** Open tasks come before accounts, because values are copied from tasks to accounts. */
    private static int run(TaskResealing tasks, AccountResealing accounts, PrintStream out) {
        ResealCounts first = new ResealCounts(out);
        ResealCounts counts = first;
        try {
            tasks.run(counts);
            accounts.run(counts);
            for (int pass = 1; pass < MAX_PASSES && counts.resealedCount() > 0; pass++) {
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
