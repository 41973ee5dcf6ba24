/** Unit tests of the audit log. */
@NullMarked
package io.perch.resourceserver.audit;

import org.jspecify.annotations.NullMarked;
