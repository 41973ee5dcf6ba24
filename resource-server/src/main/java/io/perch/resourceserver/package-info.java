/**
 * The resource server: it validates Keycloak's access tokens and runs the Twitter-login pipeline.
 *
 * <p>Packages are by feature. A request travels one way, REST to {@code task}, {@code task} to {@code pipeline},
 * {@code pipeline} to {@code twitter}; nothing calls back up. {@code account}, {@code crypto}, {@code security},
 * {@code ratelimit} and {@code web} serve them. What happens to users in Keycloak comes by {@code events}, {@code user}
 * follows it, {@code security} refuses the tokens of ended sessions by it, and {@code audit} writes it down, with what is done
 * here. {@code ArchitectureTest} keeps these walls.
 */
@NullMarked
package io.perch.resourceserver;

import org.jspecify.annotations.NullMarked;
