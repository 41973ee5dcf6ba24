package io.perch.systemtests.trials;

import io.perch.systemtests.client.Browser;
import io.perch.systemtests.client.TestUser;

/**
 * A user who signed in to one client.
 *
 * @param spent what was redeemed for these tokens and must not be used again: an authorization code or a refresh token; empty after
 *     a password
 * @param browser the browser that has the session's cookies; without any after a password
 */
record SignedIn(TestUser user, String client, String accessToken, String refreshToken, String spent, Browser browser) {}
