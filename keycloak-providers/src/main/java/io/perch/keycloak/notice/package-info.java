/**
 * Notifies users by mail about changes of their account: a changed e-mail address, also at the old one; a changed or removed
 * credential; a sign-in from a new device.
 *
 * <p>An attacker who takes over an account changes these first, and the mail informs the owner. The event listener {@code
 * account-notices} receives the events of Keycloak's pages, consoles and the auth API. It stores a notice in the transaction of the
 * change, and the mail is sent after the commit. So no notice is lost by a restart or while the mail server is not available.
 * Devices are compared after the commit too, so that this package's tables cannot disturb a sign-in. A device is a keyed
 * hash of the ID in a browser's cookie. For sign-ins without Keycloak's pages it is a keyed hash of browser and operating system. There is no notice for a user's first device. Only verified addresses get notices.
 *
 * <p>The package may use Keycloak's SPIs and JPA, and the packages {@code hash}, {@code mail} and {@code request}.
 */
@NullMarked
package io.perch.keycloak.notice;

import org.jspecify.annotations.NullMarked;
