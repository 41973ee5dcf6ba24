/**
 * Clients for the tests: plain HTTP, the realm's endpoints, the resource server's API, and Keycloak's admin API, which
 * creates and deletes test data. This package does not use any test class.
 */
@NullMarked
package io.perch.systemtests.client;

import org.jspecify.annotations.NullMarked;
