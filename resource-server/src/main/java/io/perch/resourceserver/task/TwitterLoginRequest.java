package io.perch.resourceserver.task;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.web.StrictBody;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request body to log in to X.
 *
 * @param username the X user name
 * @param password the password
 * @param phoneNumber the phone number in E.164 format; only X can check whether it is in service
 * @param email the e-mail address, or null
 * @param unknownFields other members of the body
 */
record TwitterLoginRequest(
        @NotNull
        @Pattern(regexp = "[A-Za-z0-9_]{1,15}", message = "must be 1 to 15 letters, digits or underscores")
        @Schema(example = "testuser")
        String username,

        @NotNull
        @Size(min = 1, max = 128, message = "must be 1 to 128 characters long")
        @Schema(example = "p@ssw0rd!", format = "password")
        String password,

        @NotNull
        @Pattern(regexp = "\\+[0-9]{7,15}", message = "must be a plus sign and 7 to 15 digits (E.164)")
        @Schema(example = "+1234567890")
        String phoneNumber,

        @Email(message = "must be an e-mail address")
        @Size(min = 3, max = 254, message = "must be 3 to 254 characters long")
        @Schema(example = "test@example.com")
        @Nullable
        String email,

        @JsonAnySetter @Size(max = 0) @Hidden Map<String, Object> unknownFields)
        implements StrictBody {

    TwitterCredentials credentials() {
        return new TwitterCredentials(username, password, phoneNumber, email);
    }

    /** Keeps the credentials out of logs. */
    @Override
    public String toString() {
        return "TwitterLoginRequest[username=%s]".formatted(username);
    }
}
