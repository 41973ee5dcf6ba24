/** Tests of the audit trail's parts. */
@NullMarked
package io.perch.resourceserver.audit;

import org.jspecify.annotations.NullMarked;
