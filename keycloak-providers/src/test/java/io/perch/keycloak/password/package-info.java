/** What the password policy refuses: by itself, and in a running server. */
@NullMarked
package io.perch.keycloak.password;

import org.jspecify.annotations.NullMarked;
