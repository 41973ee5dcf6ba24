/**
 * The public interface for other people's extensions: how they describe the steps of their authenticators and required
 * actions, so that apps with their own sign-in screens can show them without a browser. Without a description the
 * answer is {@code redirect_to_web}.
 *
 * <p>An extension implements {@link io.perch.keycloak.steps.StepProviderFactory}, once for each authenticator or
 * required action. The factory has a {@link io.perch.keycloak.steps.StepDescription}: what never changes, and is
 * checked when Keycloak starts. Its {@link io.perch.keycloak.steps.StepProvider} has what depends on the request.
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>when</th><th>what is called</th><th>what follows</th></tr>
 * <tr><td>Keycloak starts</td><td>{@code description()}, once</td><td>a description that is wrong stops the
 * start</td></tr>
 * <tr><td>Keycloak's page would be shown</td><td>{@code asksFor}, {@code details}</td><td>the app gets a challenge; or
 * {@code redirect_to_web}, if the page asks for no field</td></tr>
 * <tr><td>the app answers</td><td>{@code form}</td><td>the authenticator gets a form; or {@code invalid_request}, if
 * the entry is not complete</td></tr>
 * </table>
 *
 * <p>Names here are a contract: extensions are compiled against them. The package may use Keycloak's provider
 * interfaces ({@code keycloak-server-spi}), and nothing of the other features.
 */
@NullMarked
package io.perch.keycloak.steps;

import org.jspecify.annotations.NullMarked;
