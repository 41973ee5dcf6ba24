package io.perch.console.web;

import jakarta.validation.constraints.Pattern;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the console itself.
 *
 * @param url the console's address for browsers: scheme, host and port, without a path. With {@code https} the cookies
 *     get the prefix {@code __Host-} and the attribute {@code Secure}
 * @param demo whether the first page shows the demo users
 * @param readOnly whether all changes below {@code /api/admin} are refused
 * @param sourceUrl the source code, for a link on the first page; null or empty for no link
 */
@Validated
@ConfigurationProperties("perch.console")
public record ConsoleProperties(
        @Pattern(regexp = "https?://[^/?#]+", message = "must be a scheme and a host, such as https://console.example")
        String url,

        boolean demo,
        boolean readOnly,
        @Nullable String sourceUrl) {

    /** Returns whether browsers use TLS. */
    public boolean overTls() {
        return url.startsWith("https:");
    }

    /** Returns the address of a path for browsers. */
    public String at(String path) {
        return URI.create(url).resolve(path).toString();
    }
}
