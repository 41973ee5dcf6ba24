package io.perch.console.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/** The one HTML document. Scripts fill it; its import map is the only inline script, and the policy names its hash. */
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
        // Weak, or Tomcat would not compress it
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

    /** Returns the SHA-256 of the inline script, in Base64, as a policy names it. */
    String scriptHash() {
        return scriptHash;
    }
}
