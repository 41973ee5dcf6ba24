/**
 * What several features need for a request.
 *
 * <p>Endpoints and authenticators of Keycloak read forms. The features that run them within a request of another kind share
 * {@link io.perch.keycloak.request.FormRequest}. The features whose answers must not show by their time whether a user exists share
 * {@link io.perch.keycloak.request.AnswerTime}. The features that recognise a browser share {@link io.perch.keycloak.request.RealmCookie}. The package may use Keycloak's SPIs and Jakarta REST, and nothing of the other features.
 */
@NullMarked
package io.perch.keycloak.request;

import org.jspecify.annotations.NullMarked;
