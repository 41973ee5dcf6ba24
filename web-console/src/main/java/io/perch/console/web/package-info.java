/** Code that all packages use: settings, problems (RFC 9457) and redirect targets. */
@NullMarked
package io.perch.console.web;

import org.jspecify.annotations.NullMarked;
