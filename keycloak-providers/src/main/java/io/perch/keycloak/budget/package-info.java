/**
 * How often somebody may ask for something.
 *
 * <p>{@link io.perch.keycloak.budget.HourlyBudget} counts in memory, before a request costs anything; {@link
 * io.perch.keycloak.budget.Network} says what counts as one address. The features that strangers can make work share
 * them. It may use Keycloak's clock and the JDK.
 */
@NullMarked
package io.perch.keycloak.budget;

import org.jspecify.annotations.NullMarked;
