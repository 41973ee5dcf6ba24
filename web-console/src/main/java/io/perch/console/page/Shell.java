package io.perch.console.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/**
 * The only HTML document. Scripts fill it. Its import map is the only inline script, and the policy has the script's
 * hash.
 */
@Component
class Shell {

    private static final Pattern INLINE_SCRIPT =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    private final String html;
    private final String eTag;
    private final String scriptHash;

    Shell(Assets assets) throws IOException {
        String template = new ClassPathResource("shell.html").getContentAsString(StandardCharsets.UTF_8);
        html = template.replace("{{assets}}", assets.path());
        byte[] hash = Assets.sha256().digest(html.getBytes(StandardCharsets.UTF_8));
        // Weak, because Tomcat does not compress responses with a strong ETag
        eTag = "W/\"" + HexFormat.of().formatHex(hash) + "\"";
        Matcher script = INLINE_SCRIPT.matcher(html);
        if (!script.find()) {
            throw new IllegalStateException("shell.html has no import map");
        }
        scriptHash = Base64.getEncoder()
                .encodeToString(Assets.sha256().digest(script.group(1).getBytes(StandardCharsets.UTF_8)));
    }

    String html() {
        return html;
    }

    String eTag() {
        return eTag;
    }

    /** Returns the SHA-256 of the inline script in Base64, for the policy. */
    String scriptHash() {
        return scriptHash;
    }
}
