/**
 * Rate limits.
 *
 * <p>{@link io.perch.keycloak.budget.HourlyBudget} counts in memory, before a request uses other resources. {@link
 * io.perch.keycloak.budget.Network} groups the addresses that are counted as one. The features that accept unauthenticated requests
 * use them. The package may use Keycloak's clock and the JDK.
 */
@NullMarked
package io.perch.keycloak.budget;

import org.jspecify.annotations.NullMarked;
