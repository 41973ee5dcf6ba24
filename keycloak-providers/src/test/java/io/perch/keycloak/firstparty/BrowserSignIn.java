package io.perch.keycloak.firstparty;

import static java.util.stream.Collectors.joining;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A sign-in on Keycloak's page. */
final class BrowserSignIn {

    private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]+)\"");

    private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");

    private BrowserSignIn() {}

    /** The cookies of a browser in which the user is signed in, as a header. */
    static String cookies(FirstPartyRealm realm, String username) {
        return cookies(signIn(realm, username));
    }

    /** The authorization code with which the browser returns to the app, for {@link FirstPartyApp#VERIFIER}. */
    static String code(FirstPartyRealm realm, String username) {
        String callback = signIn(realm, username).header("Location");
        Matcher code = CODE.matcher(callback);
        if (!code.find()) {
            throw new AssertionError("No code in " + callback);
        }
        return code.group(1);
    }

    private static AppAnswer signIn(FirstPartyRealm realm, String username) {
        AppAnswer page = FirstPartyApp.send(
                HttpRequest.newBuilder(URI.create(realm.address("/protocol/openid-connect/auth") + "?"
                                + FirstPartyApp.encode(Map.of(
                                        "client_id", FirstPartyRealm.APP,
                                        "response_type", "code",
                                        "redirect_uri", FirstPartyRealm.CALLBACK,
                                        "code_challenge_method", "S256",
                                        "code_challenge", FirstPartyApp.CHALLENGE))))
                        .build());
        Matcher form = FORM.matcher(page.body());
        if (!form.find()) {
            throw new AssertionError("No form in " + page.body());
        }
        return FirstPartyApp.send(
                HttpRequest.newBuilder(URI.create(form.group(1).replace("&amp;", "&")))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Cookie", cookies(page))
                        .POST(BodyPublishers.ofString(FirstPartyApp.encode(
                                Map.of("username", username, "password", FirstPartyRealm.PASSWORD))))
                        .build());
    }

    private static String cookies(AppAnswer answer) {
        return answer.headers().allValues("set-cookie").stream()
                .map(cookie -> cookie.replaceFirst(";.*", ""))
                .collect(joining("; "));
    }
}
