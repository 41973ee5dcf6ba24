/** Tests of sealing. */
@NullMarked
package io.perch.resourceserver.crypto;

import org.jspecify.annotations.NullMarked;
