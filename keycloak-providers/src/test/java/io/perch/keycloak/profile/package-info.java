/** The phone number validator: by itself, and in running servers. */
@NullMarked
package io.perch.keycloak.profile;

import org.jspecify.annotations.NullMarked;
