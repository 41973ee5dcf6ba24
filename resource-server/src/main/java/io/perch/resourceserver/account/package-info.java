/**
 * Twitter accounts and their sealed credentials.
 *
 * <p>A user's X account is stored once, under an ID that is derived from its owner and its name. The password, the phone number
 * and the e-mail address are sealed before they are stored. They are unsealed only for a login, or to show the owner the e-mail
 * address and a masked phone number. Deletion of an account destroys them. Documents of the old service contain only a
 * Fernet-encrypted password, and the other values in plain text. They are readable, and sealed completely at the first login.
 *
 * <p>May use: {@code acts}, {@code crypto}, {@code mongo}, {@code web}.
 */
@NullMarked
package io.perch.resourceserver.account;

import org.jspecify.annotations.NullMarked;
