/**
 * The auth API: Keycloak's registration, login, verification and reset as JSON, for clients without a browser.
 *
 * <p>{@code /realms/{realm}/auth-api/v1} takes a request, {@link io.perch.keycloak.authapi.Routes} finds its call, and
 * the call runs what Keycloak itself runs: the token endpoint's classes sign in, refresh and log out, the user profile
 * takes what a user enters, the direct grant flow checks passwords and second factors. Nothing of this is done again here;
 * the API only speaks JSON on one side and Keycloak's forms on the other.
 *
 * <p>Every answer is returned, none is thrown: Keycloak rolls back the database when an exception leaves a resource, and
 * with it what it has to remember of a failure. What goes wrong is a problem of RFC 9457.
 *
 * <p>It may use Keycloak's services, Jakarta REST and Jackson as Keycloak brings them, the public types of {@code
 * emailcode}, and the budgets.
 */
@NullMarked
package io.perch.keycloak.authapi;

import org.jspecify.annotations.NullMarked;
