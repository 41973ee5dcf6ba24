/**
 * Refuses the passwords that attackers try first.
 *
 * <p>The password policy {@code notCommon} has its list in the jar. So a realm with this policy can be imported on any server with
 * the jar. Keycloak's own {@code passwordBlacklist} needs a file on every node. Few common passwords have twelve characters. If a
 * user must choose a long password, the user often adds a year or a sign to a common one, or repeats it. Therefore these variants
 * are refused too. Nothing else is refused: there is no rule about the kinds of characters.
 *
 * <p>The package may use Keycloak's SPIs, and no other feature.
 */
@NullMarked
package io.perch.keycloak.password;

import org.jspecify.annotations.NullMarked;
