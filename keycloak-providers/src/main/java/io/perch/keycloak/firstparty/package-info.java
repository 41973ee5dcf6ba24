/**
 * OAuth 2.0 for First-Party Applications (draft-ietf-oauth-first-party-apps-04): the authorization challenge endpoint.
 *
 * <p>A native app of the operator sends what its user enters, step by step, and gets an authorization code. The app opens no browser. The
 * steps are those of the realm's flows, which {@code headless} runs: {@link io.perch.keycloak.firstparty.Prompt} says which one. {@code POST /realms/{realm}/authorization-challenge} takes forms;
 * {@link io.perch.keycloak.firstparty.ChallengeEndpoint} has the order of the checks. The code is redeemed at Keycloak's token endpoint.
 *
 * <p>A client has this only where an administrator says that it is first-party: {@link io.perch.keycloak.firstparty.FirstPartyClient}. There
 * are no CORS headers: the draft does not recommend this for applications in browsers (section 9.8).
 *
 * <p>Keycloak's token endpoint can demand a new sign-in of such a client when it refreshes its tokens (section 6.2):
 * {@link io.perch.keycloak.firstparty.StepUpExecutor}, for a client policy. It belongs here because it decides by the
 * same rule which clients are first-party, and its answer sends the app back to the endpoint.
 *
 * <p>Every answer of the endpoint is returned, none is thrown: Keycloak rolls back the database when an exception
 * leaves a resource, and with it what it has to remember of a failure.
 *
 * <p>It may use Keycloak's services, Jakarta REST and Jackson as Keycloak brings them, and of the other features the flows without a browser,
 * the requests and the budgets.
 */
@NullMarked
package io.perch.keycloak.firstparty;

import org.jspecify.annotations.NullMarked;
