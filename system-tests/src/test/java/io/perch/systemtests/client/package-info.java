/**
 * What the tests call the system with: plain HTTP, the realm's endpoints, the resource server's API, and Keycloak's admin
 * API, which makes and deletes what a test needs. Knows nothing of any test.
 */
@NullMarked
package io.perch.systemtests.client;

import org.jspecify.annotations.NullMarked;
