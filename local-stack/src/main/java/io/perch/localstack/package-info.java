/** x. */
@NullMarked
package io.perch.localstack;

import org.jspecify.annotations.NullMarked;
