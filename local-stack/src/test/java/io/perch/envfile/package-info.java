/** The format of the file {@code .env}. */
@NullMarked
package io.perch.envfile;

import org.jspecify.annotations.NullMarked;
