package io.perch.systemtests.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Browser;
import io.perch.systemtests.client.Token;
import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The device flow: a program without a browser, and a browser on another device (RFC 8628). */
class DeviceFlowIT extends IdentityTest {

    private static final Pattern CONSENT_FORM = Pattern.compile(
            "<form[^>]*action=\"([^\"]*/consent[^\"]*)\".*?name=\"code\" value=\"([^\"]*)\"", Pattern.DOTALL);

    private final Answer device =
            realm.post("/protocol/openid-connect/auth/device", Map.of("client_id", "perch-cli", "scope", "openid"));
    private final Browser browser = new Browser();

    DeviceFlowIT(PerchSystem system) {
        super(system);
    }

    @Test
    void aDeviceWaitsUntilItsUserAgrees() {
        assertThat(poll().field("error")).isEqualTo("authorization_pending");
    }

    @Test
    void aDeviceGetsTokensAfterItsUserAgrees() {
        var user = admin.createUser();
        var signIn = browser.open(URI.create(device.field("verification_uri_complete")));
        var consent = browser.open(browser.signIn(signIn, user).location());

        browser.open(agree(consent).location());

        assertThat(Token.access(poll()).claim("sub")).isEqualTo(user.id());
    }

    private Answer agree(Answer page) {
        var form = CONSENT_FORM.matcher(page.body());
        assertThat(form.find()).as("consent form in " + page.body()).isTrue();
        var action = realm.endpoint("/").resolve(form.group(1).replace("&amp;", "&"));
        return browser.submit(action, Map.of("accept", "Yes", "code", form.group(2)));
    }

    private Answer poll() {
        return realm.token(Map.of(
                "grant_type", "urn:ietf:params:oauth:grant-type:device_code",
                "client_id", "perch-cli",
                "device_code", device.field("device_code")));
    }
}
