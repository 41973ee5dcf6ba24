/** What every answer needs: settings, problems (RFC 9457), and where a browser may be sent. */
@NullMarked
package io.perch.console.web;

import org.jspecify.annotations.NullMarked;
