package io.perch.keycloak.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.text.MessageFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.theme.PropertiesUtil;

class MessagesTest {

    private static final Object[] PARAMETERS = {"phone_number", "+493023125000"};

    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void everyMessageCanBeShownByPagesAndConsoles(String language) throws IOException {
        Properties messages = messages(language);
        assertTrue(messages.stringPropertyNames()
                .containsAll(Set.of(
                        OwnEmailValidator.MESSAGE,
                        PhoneNumberValidator.MESSAGE_INVALID,
                        PhoneNumberValidator.MESSAGE_FORM,
                        PhoneNumberValidator.MESSAGE_FORM_CONSOLE)));
        String form = messages.getProperty(PhoneNumberValidator.MESSAGE_FORM);
        assertTrue(MessageFormat.format(form, PARAMETERS).contains("+493023125000"));
        String console = messages.getProperty(PhoneNumberValidator.MESSAGE_FORM_CONSOLE);
        assertTrue(console.contains("{{1}}"));
        assertTrue(MessageFormat.format(console, PARAMETERS).contains("{{1}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void theExampleInTheMessageIsItselfAccepted(String language) throws IOException {
        String message = messages(language).getProperty(PhoneNumberValidator.MESSAGE_INVALID);
        String example = Pattern.compile("\\+[0-9]+")
                .matcher(message)
                .results()
                .findFirst()
                .orElseThrow()
                .group();
        assertEquals(Optional.of(example), new NumberingPlans().e164(example, null));
    }

    private static Properties messages(String language) throws IOException {
        String path = "/theme-resources/messages/messages_" + language + ".properties";
        Properties messages = new Properties();
        try (InputStream bundle = Objects.requireNonNull(MessagesTest.class.getResourceAsStream(path))) {
            PropertiesUtil.readCharsetAware(messages, bundle);
        }
        return messages;
    }
}
