package io.perch.systemtests.browser;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;

/**
 * A simulated authenticator of one page. It stores passkeys and verifies its user (a virtual authenticator of Web
 * Authentication Level 3, section 11, in Chromium).
 */
final class VirtualAuthenticator {

    private final CDPSession devTools;
    private final String id;

    private VirtualAuthenticator(CDPSession devTools, String id) {
        this.devTools = devTools;
        this.id = id;
    }

    /** Connects a new authenticator to a page. */
    static VirtualAuthenticator connectTo(Page page) {
        CDPSession devTools = page.context().newCDPSession(page);
        devTools.send("WebAuthn.enable");
        JsonObject options = new JsonObject();
        options.addProperty("protocol", "ctap2");
        options.addProperty("transport", "internal");
        options.addProperty("hasResidentKey", true);
        options.addProperty("hasUserVerification", true);
        options.addProperty("isUserVerified", true);
        options.addProperty("automaticPresenceSimulation", true);
        JsonObject request = new JsonObject();
        request.add("options", options);
        JsonObject answer = devTools.send("WebAuthn.addVirtualAuthenticator", request);
        return new VirtualAuthenticator(devTools, answer.get("authenticatorId").getAsString());
    }

    /** Whether the user touches the authenticator as soon as a page needs it. At first, the user does. */
    void userIsPresent(boolean present) {
        JsonObject request = request();
        request.addProperty("enabled", present);
        devTools.send("WebAuthn.setAutomaticPresenceSimulation", request);
    }

    /** The number of stored passkeys. */
    int passkeys() {
        return devTools.send("WebAuthn.getCredentials", request())
                .getAsJsonArray("credentials")
                .size();
    }

    private JsonObject request() {
        JsonObject request = new JsonObject();
        request.addProperty("authenticatorId", id);
        return request;
    }
}
