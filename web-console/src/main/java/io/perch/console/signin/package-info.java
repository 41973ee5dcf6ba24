/** Sign-in and sign-out at Keycloak (OpenID Connect). */
@NullMarked
package io.perch.console.signin;

import org.jspecify.annotations.NullMarked;
