/**
 * Tests of the theme {@code perch}, which has files and no classes: the completeness of its languages, and its pages and mails in a
 * running server.
 *
 * <p>A {@link io.perch.keycloak.theme.ThemedRealm} uses the theme and sends its mails to GreenMail. A {@link
 * io.perch.keycloak.theme.Browser} opens the pages.
 */
@NullMarked
package io.perch.keycloak.theme;

import org.jspecify.annotations.NullMarked;
