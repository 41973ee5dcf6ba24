package io.perch.keycloak.emailcode;

import org.keycloak.provider.ProviderFactory;

/** Makes the {@link EmailCodes} of a session. */
public interface EmailCodesFactory extends ProviderFactory<EmailCodes> {}
