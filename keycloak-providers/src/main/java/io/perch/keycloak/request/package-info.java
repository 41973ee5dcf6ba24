/**
 * Keycloak's request with a form of ours.
 *
 * <p>Endpoints and authenticators of Keycloak read forms. The features that run them within a request of another kind share
 * {@link io.perch.keycloak.request.FormRequest}. It may use Keycloak's SPIs and Jakarta REST, and nothing of the other features.
 */
@NullMarked
package io.perch.keycloak.request;

import org.jspecify.annotations.NullMarked;
