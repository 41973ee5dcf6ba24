/**
 * Six-digit codes by e-mail: issued, sent, counted and redeemed, for the API and for the browser pages alike.
 *
 * <p>{@link io.perch.keycloak.emailcode.EmailCodes} is the way in. A code is bound to realm, user, purpose and address,
 * lives ten minutes, works once, and five wrong guesses void it. Its keyed hash is a row in Keycloak's database, so all
 * nodes share it and a restart keeps it; every guess is counted there in a transaction of its own, before it is compared,
 * so neither a hundred guesses at once nor a request that fails wins another one. Looking the user up, issuing and
 * sending happen after the request, so that its answer and its time tell nobody who is registered.
 *
 * <p>It may use Keycloak's SPIs and its JPA, and of the other features the budgets, the hashes and the mails.
 */
@NullMarked
package io.perch.keycloak.emailcode;

import org.jspecify.annotations.NullMarked;
