/**
 * The theme {@code perch}, which is all files and no class: that its languages are complete, and what its pages and mails
 * look like when a running server sends them.
 *
 * <p>A {@link io.perch.keycloak.theme.ThemedRealm} wears the theme and sends its mails to GreenMail; a
 * {@link io.perch.keycloak.theme.Browser} walks through the pages.
 */
@NullMarked
package io.perch.keycloak.theme;

import org.jspecify.annotations.NullMarked;
