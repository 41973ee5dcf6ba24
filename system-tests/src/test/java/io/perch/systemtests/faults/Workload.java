package io.perch.systemtests.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The logins of one row. Most accounts are plain, and have several tasks that must not run at the same time. Some
 * logins need a third attempt, some take three times as long, and some fail.
 *
 * @param before submitted as fast as possible
 * @param during submitted one after the other from the beginning of the fault
 */
record Workload(List<Login> before, List<Login> during) {

    private static final int USERS = 20;
    private static final int ACCOUNTS = 160;
    private static final int TASKS_OF_A_PLAIN_ACCOUNT = 6;
    private static final int DURING = 200;
    /** One in this many logins during the fault has no key. */
    private static final int KEYLESS = 4;

    /** Returns the same workload for the same seed. */
    static Workload shuffled(long seed) {
        var random = new Random(seed);
        var before = new ArrayList<Login>();
        for (int account = 0; account < ACCOUNTS; account++) {
            for (int task = 0; task < tasksOf(account); task++) {
                before.add(login(account, "before-%d-%d".formatted(account, task)));
            }
        }
        Collections.shuffle(before, random);
        var during = IntStream.range(0, DURING)
                .mapToObj(i -> i % KEYLESS == 0
                        ? new Login(user(i), "once_" + i, null)
                        : login(random.nextInt(ACCOUNTS), "during-" + i))
                .toList();
        return new Workload(before, during);
    }

    private static Login login(int account, String key) {
        return new Login(user(account), kind(account) + account, key);
    }

    private static String user(int number) {
        return "user-" + number % USERS;
    }

    private static int tasksOf(int account) {
        return switch (kind(account)) {
            case "plain" -> TASKS_OF_A_PLAIN_ACCOUNT;
            case "flaky_" -> 3;
            default -> 2;
        };
    }

    private static String kind(int account) {
        return switch (account % 40) {
            case 3, 13, 23, 33 -> "flaky_";
            case 5 -> "slow_";
            case 7, 27 -> "wrong_";
            default -> "plain";
        };
    }
}
