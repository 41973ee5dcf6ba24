/** Reads the file {@code .env}, in the format that Docker Compose reads. */
@NullMarked
package io.perch.envfile;

import org.jspecify.annotations.NullMarked;
