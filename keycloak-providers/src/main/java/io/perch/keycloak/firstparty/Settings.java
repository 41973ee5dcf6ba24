package io.perch.keycloak.firstparty;

import io.perch.keycloak.budget.HourlyBudget;

/**
 * What an operator sets for the server.
 *
 * @param enabled whether any client can use the endpoint
 * @param bodyLimit characters that a request's parameters may have
 * @param lookUps user names in steps without a password, and profiles, for each network address
 * @param pushedRequests authorization requests that are kept for a browser, for each network address
 * @param loopbackExempt whether requests from this machine have no such budgets
 */
record Settings(
        boolean enabled, int bodyLimit, HourlyBudget lookUps, HourlyBudget pushedRequests, boolean loopbackExempt) {}
