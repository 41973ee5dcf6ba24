package io.perch.systemtests.monitoring;

import static java.util.stream.Collectors.toCollection;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Expressions of Prometheus' query language. */
final class PromQl {

    private static final Pattern STRING = Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"");
    private static final Pattern MATCHERS_AND_RANGES = Pattern.compile("\\{[^}]*}|\\[[^]]*]");
    private static final Pattern LABELS =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");

    /** A name that is not a function's. */
    private static final Pattern NAME = Pattern.compile("(?<![\\w:$])[a-zA-Z_:][\\w:]*(?![\\w:]|\\s*\\()");

    private static final Set<String> KEYWORDS =
            Set.of("and", "or", "unless", "by", "without", "on", "ignoring", "offset", "bool", "Inf", "NaN");

    private PromQl() {}

    /** The names of the metrics that an expression reads. */
    static Set<String> metrics(String expression) {
        String bare = STRING.matcher(expression).replaceAll("\"\"");
        bare = MATCHERS_AND_RANGES.matcher(bare).replaceAll("");
        bare = LABELS.matcher(bare).replaceAll("");
        return NAME.matcher(bare)
                .results()
                .map(MatchResult::group)
                .filter(name -> !KEYWORDS.contains(name))
                .collect(toCollection(TreeSet::new));
    }

    /** A metric without the ending of one of the series that it has as a histogram. */
    static String family(String metric) {
        return metric.replaceFirst("_(bucket|sum|count|max)$", "");
    }
}
