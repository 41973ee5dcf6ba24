/**
 * Tells users what happened to their account: a changed e-mail address, also to the old one; a changed or removed way to
 * sign in; a sign-in from a device that they have not used before.
 *
 * <p>Whoever takes an account over changes these things first, and its owner reads mail. The event listener
 * {@code account-notices} gets the events of Keycloak's pages, consoles and the auth API. It stores a notice with the change
 * itself, and the mail is sent after the commit: a notice is lost neither by a restart nor while the mail server is away. Devices
 * are looked up after the commit too, so that no table of ours can get in the way of a sign-in. A device is a keyed hash of
 * browser and operating system; the first one of a user is not told. Only verified addresses get notices.
 *
 * <p>It may use Keycloak's SPIs and its JPA, and of the other features the hashes and the mails.
 */
@NullMarked
package io.perch.keycloak.notice;

import org.jspecify.annotations.NullMarked;
