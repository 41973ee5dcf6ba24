package io.perch.keycloak.emailcode;

import org.keycloak.provider.ProviderFactory;

/** Creates the {@link EmailCodes} of a session. */
public interface EmailCodesFactory extends ProviderFactory<EmailCodes> {}
