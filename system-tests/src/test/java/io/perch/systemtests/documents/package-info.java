/**
 * Compares the documents with each other and with the code: links lead somewhere, every document is listed, and tables name what the
 * code has. These tests need no running system.
 */
@NullMarked
package io.perch.systemtests.documents;

import org.jspecify.annotations.NullMarked;
