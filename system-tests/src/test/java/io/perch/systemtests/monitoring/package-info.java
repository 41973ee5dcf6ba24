/**
 * The alerts and dashboards of {@code docs/operations/monitoring}: their metrics are described and are really there, each alert fires
 * and stays silent when it should, and each has a section in the guide.
 */
@NullMarked
package io.perch.systemtests.monitoring;

import org.jspecify.annotations.NullMarked;
