package io.perch.systemtests.oldroutes;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Http;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Base class with a user who has just signed in at the authentication system, and the cookie. */
abstract class CookieTest extends OldRoutesTest {

    static final String TWITTER_LOGIN =
            "{\"username\": \"testuser\", \"password\": \"p@ssw0rd!\", \"phone_number\": \"+1234567890\"}";

    final Http http = new Http();
    final TestUser user = admin.createUser();
    final Answer login;
    final Cookie cookie;

    CookieTest(PerchSystem system) {
        super(system);
        this.login = new AuthenticationSystemClient(system.api()).login(addressOf(user), user.password());
        this.cookie = Cookie.of(login);
    }

    URI at(String path) {
        return URI.create(system.api() + path);
    }

    /** The cookie's header and these headers. */
    Map<String, String> cookieAnd(Map<String, String> headers) {
        var all = new HashMap<>(cookie.header());
        all.putAll(headers);
        return all;
    }

    /** The API with the same user and the token of another session, to check the effects of a request. */
    PerchApi elsewhere() {
        return PerchApi.as(system, user);
    }
}
