/**
 * What Perch adds to Keycloak's user profile: the check of phone numbers.
 *
 * <p>An administrator adds the validator {@code phone-number} to an attribute of the user profile. From then on every
 * face of Keycloak that writes this attribute (registration and profile pages, account console, Admin REST API, imports
 * by a broker) refuses a value that is not a valid phone number in E.164 form, and says which form it wants. A validator
 * cannot change a value, so the form is demanded and not made: what is stored is what was checked.
 *
 * <p>It may use Keycloak's public SPIs, libphonenumber and nothing of the other features.
 */
@NullMarked
package io.perch.keycloak.profile;

import org.jspecify.annotations.NullMarked;
