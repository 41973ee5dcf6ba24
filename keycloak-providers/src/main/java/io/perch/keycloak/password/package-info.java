/**
 * Refuses the passwords that everybody tries first.
 *
 * <p>The password policy {@code notCommon} has its list in the jar, so a realm that names it can be imported on any server
 * with the jar, where Keycloak's own {@code passwordBlacklist} needs a file on every node. Few passwords that are common
 * are twelve characters long; who has to choose a long one puts a year or a sign to a common one, or writes it twice. So
 * these are refused with it, and nothing else is: no rule tells what a password is to be made of.
 *
 * <p>It may use Keycloak's SPIs, and nothing of the other features.
 */
@NullMarked
package io.perch.keycloak.password;

import org.jspecify.annotations.NullMarked;
