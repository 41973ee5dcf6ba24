package io.perch.keycloak.theme;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.theme.PropertiesUtil;

class ThemeMessagesTest {

    private static final Pattern PARAMETER = Pattern.compile("\\{[0-9]+[^}]*}");

    @ParameterizedTest
    @ValueSource(strings = {"login", "email"})
    void germanHasTheKeysOfEnglish(String type) throws IOException {
        assertEquals(
                new TreeSet<>(messages(type, "en").stringPropertyNames()),
                new TreeSet<>(messages(type, "de").stringPropertyNames()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"login", "email"})
    void germanHasTheParametersOfEnglish(String type) throws IOException {
        Properties english = messages(type, "en");
        Properties german = messages(type, "de");
        for (String key : english.stringPropertyNames()) {
            assertEquals(parameters(english.getProperty(key)), parameters(german.getProperty(key)), key);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void everyMailSaysTheSameInHtmlAndText(String language) throws IOException {
        Properties messages = messages("email", language);
        for (String key : messages.stringPropertyNames()) {
            if (key.endsWith("BodyHtml")) {
                String text = messages.getProperty(key.substring(0, key.length() - "Html".length()));
                assertEquals(parameters(messages.getProperty(key)), parameters(text), key);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void everyMessageIsAFormat(String language) throws IOException {
        Properties messages = messages("email", language);
        Object[] parameters = {0, 0, 0, "3", "4", "5", "6"};
        for (String key : messages.stringPropertyNames()) {
            String shown = assertDoesNotThrow(
                    () -> new MessageFormat(messages.getProperty(key), Locale.forLanguageTag(language))
                            .format(parameters),
                    key);
            assertFalse(shown.contains("''"), shown);
        }
    }

    @Test
    void noMailLoadsAnything() throws IOException {
        for (String language : Set.of("en", "de")) {
            messages("email", language)
                    .values()
                    .forEach(text ->
                            assertFalse(text.toString().matches("(?s).*(<img|src=|https?:).*"), text::toString));
        }
    }

    private static Set<String> parameters(String message) {
        return new TreeSet<>(
                PARAMETER.matcher(message).results().map(MatchResult::group).toList());
    }

    private static Properties messages(String type, String language) throws IOException {
        String path = "/theme/perch/" + type + "/messages/messages_" + language + ".properties";
        Properties messages = new Properties();
        try (InputStream bundle = Objects.requireNonNull(ThemeMessagesTest.class.getResourceAsStream(path), path)) {
            PropertiesUtil.readCharsetAware(messages, bundle);
        }
        return messages;
    }
}
