/**
 * Twitter accounts and their sealed credentials.
 *
 * <p>A user's X account is stored once, under an id that derives from its owner and its name. Password, phone number and
 * e-mail address are sealed before they reach the database, and are opened only for a login, or to show a masked phone
 * number to the owner. Deleting an account destroys them. Documents of the old service, where only the password is sealed
 * and that with Fernet, are read as they are and sealed in full at the first login.
 *
 * <p>May use: {@code crypto}, {@code web}.
 */
@NullMarked
package io.perch.resourceserver.account;

import org.jspecify.annotations.NullMarked;
