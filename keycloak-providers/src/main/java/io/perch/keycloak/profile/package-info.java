/**
 * Validates phone numbers in Keycloak's user profile.
 *
 * <p>An administrator adds the validator {@code phone-number} to an attribute of the user profile. Then Keycloak refuses a value
 * that is not a valid phone number in E.164 form, and the error shows the correct form. This holds wherever the attribute is
 * written: registration and profile pages, account console, Admin REST API, and imports by an identity provider. A validator cannot
 * change a value. Therefore the user must enter the E.164 form, and the stored value is the validated one.
 *
 * <p>The package may use Keycloak's public SPIs and libphonenumber, and no other feature.
 */
@NullMarked
package io.perch.keycloak.profile;

import org.jspecify.annotations.NullMarked;
