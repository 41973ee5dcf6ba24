package io.perch.keycloak.legacy;

import java.util.Collections;

/**
 * How a lookup compares a column with texts, ignoring case, so that the database can use an index.
 *
 * @param left the column, or {@code lower(column)}
 * @param right the parameter, perhaps with a conversion
 * @param indexed what an index for this comparison has between its parentheses
 */
record Comparison(String left, String right, String indexed) {

    private static final int LONGEST_KEY = 255;

    /** For a database that distinguishes case, with an index on {@code lower(column)}. */
    static Comparison lowered(String column) {
        String expression = "lower(" + column + ")";
        return new Comparison(expression, "?", expression);
    }

    /**
     * For a column whose collation ignores case. An index on the column is not used for {@code lower(column)}, nor if the
     * database has to convert the column because the text has a character that the column's character set lacks.
     *
     * @param length of the column's longest text. An index on a long text needs a length
     */
    static Comparison collated(String column, String charset, String collation, long length) {
        return new Comparison(
                column,
                "convert(? using " + charset + ") collate " + collation,
                length > LONGEST_KEY ? column + "(" + LONGEST_KEY + ")" : column);
    }

    /** The condition with a number of parameters. */
    String in(int values) {
        return left + " in (" + String.join(", ", Collections.nCopies(values, right)) + ")";
    }
}
