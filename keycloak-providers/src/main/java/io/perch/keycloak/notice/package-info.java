/**
 * Tells users what happened to their account: a changed e-mail address, also to the old one; a changed or removed way to
 * sign in; a sign-in from a device that they have not used before.
 *
 * <p>Whoever takes an account over changes these things first, and its owner reads mail. The event listener
 * {@code account-notices} hears of them as Keycloak's pages, consoles and the auth API report them. It only takes a note
 * while the request runs: devices are looked up and mails leave after the commit, so no mail server and no table of ours
 * can get in the way of a sign-in. A device is a keyed hash of browser and operating system; the first one of a user is
 * nothing to tell.
 *
 * <p>It may use Keycloak's SPIs and its JPA, and of the other features the hashes and the mails.
 */
@NullMarked
package io.perch.keycloak.notice;

import org.jspecify.annotations.NullMarked;
