/**
 * The auth API: Keycloak's registration, login, verification and reset as JSON, for clients without a browser.
 *
 * <p>A request goes to {@code /realms/{realm}/auth-api/v1}. {@link io.perch.keycloak.authapi.Routes} finds its handler, and the
 * handler uses Keycloak's own code: the classes of the token endpoint sign in, refresh and log out, the user profile validates what
 * a user enters, and the direct grant flow checks passwords and second factors. None of this is implemented again here. The API
 * converts between JSON and Keycloak's forms.
 *
 * <p>Every answer is returned, none is thrown. If an exception leaves a resource, Keycloak rolls back the database, and would lose
 * what it must store about a failure. Errors are problems of RFC 9457.
 *
 * <p>The package may use Keycloak's services, Jakarta REST and Jackson in Keycloak's versions, the public types of
 * {@code emailcode}, and the packages {@code budget} and {@code session}.
 */
@NullMarked
package io.perch.keycloak.authapi;

import org.jspecify.annotations.NullMarked;
