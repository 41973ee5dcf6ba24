/**
 * What users and moderators do to tasks and accounts, stored in the document that they change.
 *
 * <p>An act is part of the write that it describes, so an acknowledged change and its act exist together or not at all, and the
 * request pays no second write. The owner of the document copies its acts to the audit log by
 * {@link io.perch.resourceserver.acts.ActLog}, and removes them only afterwards. An act has an id, so copying it twice leaves
 * one line.
 *
 * <p>May use: nothing of the other packages.
 */
@NullMarked
package io.perch.resourceserver.acts;

import org.jspecify.annotations.NullMarked;
