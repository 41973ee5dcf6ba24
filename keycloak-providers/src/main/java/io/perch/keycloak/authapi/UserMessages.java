package io.perch.keycloak.authapi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.MessageFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelException;
import org.keycloak.models.UserModel;
import org.keycloak.theme.Theme;
import org.keycloak.userprofile.ValidationException;

/** Keycloak's own messages for errors of the user profile and the password policy, in the language of the request. */
final class UserMessages {

    private final Properties messages;
    private final Locale locale;

    private UserMessages(Properties messages, Locale locale) {
        this.messages = messages;
        this.locale = locale;
    }

    /** The messages for a user; for a request without a user if it is null. */
    static UserMessages of(KeycloakSession session, @Nullable UserModel user) {
        Locale locale = session.getContext().resolveLocale(user);
        try {
            Theme theme = session.theme().getTheme(Theme.Type.LOGIN);
            return new UserMessages(
                    theme.getEnhancedMessages(session.getContext().getRealm(), locale), locale);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The message of a key; the key itself if the theme has no message for it. */
    String of(String key, @Nullable Object @Nullable ... parameters) {
        String message = messages.getProperty(key);
        if (message == null) {
            // A text that an administrator wrote. It may contain braces, so it is not formatted
            return key;
        }
        Object[] values = parameters == null ? new Object[0] : parameters;
        try {
            return new MessageFormat(message.replace("'", "''").replace("''''", "''"), locale).format(values);
        } catch (IllegalArgumentException e) {
            return message;
        }
    }

    /** The reason of a refusal by the model; a general text if the exception's message is not one for users. */
    String of(ModelException exception) {
        String key = exception.getMessage();
        return key != null && messages.containsKey(key) ? of(key, exception.getParameters()) : "is refused";
    }

    /** Every error of the user profile, with the member of the body that it is about. */
    List<FieldError> of(ValidationException exception) {
        return exception.getErrors().stream().map(this::of).distinct().toList();
    }

    private FieldError of(ValidationException.Error error) {
        String member = ProfileFields.member(error.getAttribute());
        Object[] parameters = error.getMessageParameters() == null ? new Object[0] : error.getMessageParameters();
        Object[] named = Arrays.stream(parameters)
                .map(value -> error.getAttribute().equals(value) ? member : value)
                .toArray();
        return FieldError.of(member, of(error.getMessage(), named));
    }
}
