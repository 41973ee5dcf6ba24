/**
 * Compares the documents with each other and with the code: links have targets, every document is listed, and the
 * tables are complete. These tests need no running system.
 */
@NullMarked
package io.perch.systemtests.documents;

import org.jspecify.annotations.NullMarked;
