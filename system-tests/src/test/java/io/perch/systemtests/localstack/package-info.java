/**
 * The local stack as a user sees it: start, errors, stop, failure and restart. Each test starts its own launchers with
 * {@link io.perch.systemtests.LocalStackProcess}, and not the system that the other tests share.
 */
@NullMarked
package io.perch.systemtests.localstack;

import org.jspecify.annotations.NullMarked;
