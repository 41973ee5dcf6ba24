/** Tests of stored credentials. */
@NullMarked
package io.perch.resourceserver.account;

import org.jspecify.annotations.NullMarked;
