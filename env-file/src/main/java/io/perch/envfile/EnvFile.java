package io.perch.envfile;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Variables in a file, one {@code NAME=value} a line. What this class accepts means the same to Docker Compose. It refuses what Docker
 * Compose would replace or read over several lines, and what its versions read differently.
 */
public final class EnvFile {

    /** The name and the text after the equals sign. */
    private static final Pattern ASSIGNMENT = Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][\\w.-]*)\\s*=\\s*(.*)");

    private static final String COMMENT = "\\s*(?:(?<=\\s)#.*)?";
    private static final Pattern SINGLE_QUOTED = Pattern.compile("'([^']*)'" + COMMENT);
    private static final Pattern DOUBLE_QUOTED = Pattern.compile("\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"" + COMMENT);
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");
    private static final Pattern COMMENT_AFTER_VALUE = Pattern.compile("\\s+#.*");

    private EnvFile() {}

    /**
     * The environment variables of this process, and those of {@code .env} in its working directory. A variable of the process has
     * precedence over one of the file, also if it is empty.
     *
     * @throws EnvFileException if there is such a file, and it cannot be read
     */
    public static Map<String, String> environment() {
        Map<String, String> all = new HashMap<>(read(Path.of(".env")));
        all.putAll(System.getenv());
        return all;
    }

    /**
     * The variables of a file, in its order. Empty if there is no such file, or if it is a directory.
     *
     * @throws EnvFileException if the file or one of its lines cannot be read
     */
    public static Map<String, String> read(Path file) {
        Map<String, String> variables = new LinkedHashMap<>();
        if (!Files.isRegularFile(file)) {
            return variables;
        }
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.stripLeading().startsWith("#")) {
                continue;
            }
            String place = file + ", line " + (i + 1) + ": ";
            Matcher assignment = ASSIGNMENT.matcher(line);
            if (!assignment.matches()) {
                throw new EnvFileException(place + "this is not NAME=value");
            }
            variables.put(assignment.group(1), value(assignment.group(2), place + assignment.group(1)));
        }
        return variables;
    }

    private static List<String> lines(Path file) {
        try {
            String text = Files.readString(file);
            // Editors on Windows write this mark before the first line
            return (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
        } catch (CharacterCodingException e) {
            throw new EnvFileException(file + " is not text in UTF-8");
        } catch (IOException e) {
            throw new EnvFileException(file + " cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private static String value(String text, String place) {
        if (text.startsWith("'")) {
            return quoted(SINGLE_QUOTED, text, place);
        }
        if (text.startsWith("\"")) {
            String inQuotes = quoted(DOUBLE_QUOTED, text, place);
            requireNoReference(inQuotes, place);
            return ESCAPE.matcher(inQuotes).replaceAll(EnvFile::unescaped);
        }
        if (text.startsWith("#")) {
            throw new EnvFileException(place + ": a value that begins with # needs quotes");
        }
        String value = COMMENT_AFTER_VALUE.matcher(text).replaceFirst("").strip();
        requireNoReference(value, place);
        return value;
    }

    private static String quoted(Pattern form, String text, String place) {
        Matcher matcher = form.matcher(text);
        if (!matcher.matches()) {
            throw new EnvFileException(place + ": the quotes do not end, or text follows them");
        }
        return matcher.group(1);
    }

    private static String unescaped(MatchResult escape) {
        return Matcher.quoteReplacement(
                switch (escape.group(1)) {
                    case "n" -> "\n";
                    case "r" -> "\r";
                    case "t" -> "\t";
                    case "\"", "\\" -> escape.group(1);
                    default -> escape.group();
                });
    }

    private static void requireNoReference(String value, String place) {
        if (value.contains("$")) {
            throw new EnvFileException(place + ": a value with a $ needs single quotes");
        }
    }
}
