/**
 * The endpoints of the services that this one replaces, for clients that use only those.
 *
 * <p>{@link io.perch.resourceserver.oldroutes.OldRoutes} is a table. Each row has an old path, the equivalent call of Keycloak's
 * auth API, and the old names of the fields. A request that matches a row is rewritten with the new names and forwarded to
 * Keycloak by Spring Cloud Gateway. The response is rewritten with the old names. No row makes decisions: sign-in, password
 * policy and rate limits are the auth API's task.
 *
 * <p>Only the parts of a request that a row names are forwarded. Of the headers these are the user agent, the language and the
 * access token. No other query parameter or cookie is forwarded. {@code X-Forwarded-For} is the address that this server sees.
 *
 * <p>One of those services kept its token in a cookie. Its rows store the token in the cookie and not in the response. The cookie
 * and its CSRF protection are in {@code security}.
 *
 * <p>May use: {@code security} for the cookie, {@code web}. No package uses it. {@code perch.old-routes.enabled} switches it on
 * and off.
 */
@NullMarked
package io.perch.resourceserver.oldroutes;

import org.jspecify.annotations.NullMarked;
