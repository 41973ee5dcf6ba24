package io.perch.systemtests.oldroutes;

import io.perch.systemtests.client.Answer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A cookie in a response.
 *
 * @param attributes in lower case, without blanks around them
 */
record Cookie(String name, String value, List<String> attributes) {

    /** The only cookie of the response. Fails if there are none or several. */
    static Cookie of(Answer answer) {
        List<String> lines = answer.headers("Set-Cookie").toList();
        if (lines.size() != 1) {
            throw new AssertionError("Not one cookie but " + lines + " with " + answer.status() + ": " + answer.body());
        }
        String[] parts = lines.get(0).split(";", -1);
        String[] pair = parts[0].split("=", 2);
        return new Cookie(
                pair[0],
                pair[1],
                Stream.of(parts)
                        .skip(1)
                        .map(part -> part.strip().toLowerCase(Locale.ROOT))
                        .toList());
    }

    /** The request header with this cookie. */
    Map<String, String> header() {
        return Map.of("Cookie", name + "=" + value);
    }
}
