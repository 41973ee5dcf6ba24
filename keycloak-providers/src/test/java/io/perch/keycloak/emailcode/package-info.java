/** E-mail codes: their parts by themselves, and what users get from them in a running server. */
@NullMarked
package io.perch.keycloak.emailcode;

import org.jspecify.annotations.NullMarked;
