package io.perch.systemtests.documents;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the Markdown files of the project. */
class DocumentsTest {

    private static final Path ROOT = Project.path("");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```");
    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git");

    /** A test class, perhaps with a method; or "…" and a method of the class that was named before. */
    private static final Pattern NAMED_TEST =
            Pattern.compile("`(?:(\\w+(?:IT|Test|Benchmark))(?:[.#](\\w+))?|…(\\w+))`");

    /** The limit for the lines of an entry page. */
    private static final int README_LINES = 150;

    private static final Map<String, String> SOURCES = sources();

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkHasATarget(Path document) throws IOException {
        List<String> broken = new ArrayList<>();
        for (String link : links(document)) {
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty()
                    ? document
                    : document.resolveSibling(parts[0]).normalize();
            if (!Files.exists(target)) {
                broken.add(link);
            } else if (parts.length == 2 && !anchors(target).contains(parts[1])) {
                broken.add(link);
            }
        }

        assertThat(broken).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyNamedTestExists(Path document) throws IOException {
        List<String> missing = new ArrayList<>();
        String testClass = "";
        for (MatchResult name :
                NAMED_TEST.matcher(Files.readString(document)).results().toList()) {
            testClass = Objects.requireNonNullElse(name.group(1), testClass);
            String method = name.group(2) == null ? name.group(3) : name.group(2);
            String source = SOURCES.getOrDefault(testClass, "");
            if (source.isEmpty() || (method != null && !source.contains("void " + method + "("))) {
                missing.add(testClass + " " + name.group());
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void theIndexListsAllDocuments() throws IOException {
        Path index = Project.path("docs/README.md");
        Set<Path> listed = new TreeSet<>();
        for (String link : links(index)) {
            listed.add(index.resolveSibling(link.split("#", 2)[0]).normalize());
        }

        Path decisions = Project.path("docs/decisions");
        assertThat(listed)
                .containsAll(documents()
                        .filter(document -> document.startsWith(Project.path("docs")))
                        .filter(document -> !document.equals(index))
                        .filter(document ->
                                !document.startsWith(decisions) || document.equals(decisions.resolve("README.md")))
                        .toList());
    }

    @Test
    void theIndexListsAllDecisions() throws IOException {
        assertThat(links(Project.path("docs/decisions/README.md")))
                .containsAll(documents()
                        .filter(document -> document.startsWith(Project.path("docs/decisions")))
                        .map(document -> document.getFileName().toString())
                        .filter(name -> !name.equals("README.md"))
                        .toList());
    }

    @Test
    void theEntryPageIsShort() {
        assertThat(Project.text("README.md").lines()).hasSizeLessThanOrEqualTo(README_LINES);
    }

    @Test
    void everyVariableOfTheResourceServerIsInTheReference() {
        Set<String> read = Project.matches(
                        "resource-server/src/main/resources/application.yaml", "\\$\\{([A-Z][A-Z0-9_]*)")
                .collect(toCollection(TreeSet::new));
        Set<String> described = Project.matches("docs/reference/configuration.md", "`([A-Z][A-Z0-9_]*)`")
                .collect(toCollection(TreeSet::new));

        assertThat(described).containsAll(read);
    }

    @Test
    void everyVariableOfTheConsoleIsInItsReadme() {
        Set<String> read = Project.matches("web-console/src/main/resources/application.yaml", "\\$\\{([A-Z][A-Z0-9_]*)")
                .collect(toCollection(TreeSet::new));
        Set<String> described =
                Project.matches("web-console/README.md", "`([A-Z][A-Z0-9_]*)`").collect(toCollection(TreeSet::new));

        assertThat(described).containsAll(read);
    }

    @Test
    void everyPlaceholderOfTheRealmIsInItsReadme() {
        // The description of X also applies to the other identity providers
        Set<String> read = Project.matches("realm-export/perch-realm.json", "\\$\\{([A-Z][A-Z0-9_]*)")
                .map(name -> name.replaceFirst("^(GOOGLE|GITHUB|MICROSOFT)_", "X_"))
                .collect(toCollection(TreeSet::new));
        Set<String> described =
                Project.matches("realm-export/README.md", "`([A-Z][A-Z0-9_]*)`").collect(toCollection(TreeSet::new));

        assertThat(described).containsAll(read);
    }

    @Test
    void everyProblemTypeIsInTheReference() {
        Set<String> types = Project.matches(
                        "resource-server/src/main/java/io/perch/resourceserver/web/ProblemType.java",
                        "^    [A-Z_]+\\(\\s*\"([a-z-]+)\"")
                .map(type -> "urn:perch:problem:" + type)
                .collect(toCollection(TreeSet::new));
        Set<String> described = Project.matches("docs/reference/problem-types.md", "`(urn:perch:problem:[a-z-]+)`")
                .collect(toCollection(TreeSet::new));

        assertThat(types).isNotEmpty().isEqualTo(described);
    }

    /** The source of each test class by its name. Classes of the same name are one text. */
    private static Map<String, String> sources() {
        try (Stream<Path> files = files(".java")) {
            return files.filter(file -> file.toString().contains("/src/test/java/"))
                    .collect(toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            file -> Project.text(ROOT.relativize(file).toString()),
                            String::concat));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> documents() throws IOException {
        return files(".md");
    }

    private static Stream<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files
                    .filter(file -> file.toString().endsWith(ending))
                    .filter(file -> Stream.of(ROOT.relativize(file).toString().split("/"))
                            .noneMatch(NOT_OURS::contains))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static List<String> links(Path document) throws IOException {
        String prose = CODE.matcher(Files.readString(document)).replaceAll("");
        return LINK.matcher(prose)
                .results()
                .map(result -> result.group(1))
                .filter(link -> !link.matches("[a-z]+:.*"))
                .toList();
    }

    /** The anchors of headings on GitHub. */
    private static List<String> anchors(Path document) throws IOException {
        String prose = CODE.matcher(Files.readString(document)).replaceAll("");
        return HEADING.matcher(prose).results().map(DocumentsTest::anchor).toList();
    }

    private static String anchor(MatchResult heading) {
        return heading.group(1)
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
