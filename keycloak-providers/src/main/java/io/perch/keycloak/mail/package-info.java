/**
 * Mails that leave after the request has committed, apart from it, and again where the mail server does not take them.
 *
 * <p>A request that waits for a mail server tells by its time who gets a mail, and fails where the mail server does. So a
 * feature gives a {@link io.perch.keycloak.mail.Mail} to its {@link io.perch.keycloak.mail.MailSender}, which works in the
 * {@link io.perch.keycloak.mail.MailQueue} of the feature. Each feature has one of its own, so that none waits for another.
 *
 * <p>It may use Keycloak's SPIs, and nothing of the other features.
 */
@NullMarked
package io.perch.keycloak.mail;

import org.jspecify.annotations.NullMarked;
