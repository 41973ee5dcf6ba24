/**
 * Six-digit codes by e-mail, for the auth API and for the browser pages.
 *
 * <p>{@link io.perch.keycloak.emailcode.EmailCodes} is the public interface. A code is bound to realm, user, purpose and address.
 * By default it is valid for ten minutes. It works once, and five wrong guesses void it. Its keyed hash is a row in Keycloak's database: all
 * nodes share it, and it survives a restart. Every guess is counted there in its own transaction, before it is compared. So
 * parallel guesses and failed requests do not give more attempts. The lookup of the user, the issuing and the sending happen after
 * the request. So neither the answer nor its time shows whether a user is registered.
 *
 * <p>The package may use Keycloak's SPIs, JPA and metrics, and the packages {@code budget}, {@code hash}, {@code mail}, {@code
 * request} and {@code session}.
 */
@NullMarked
package io.perch.keycloak.emailcode;

import org.jspecify.annotations.NullMarked;
