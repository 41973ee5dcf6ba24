package io.perch.keycloak.headless;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.ClientModel;

/**
 * Who runs a flow. Only the same owner continues it.
 *
 * @param client the client, which has been authenticated
 * @param thumbprint of the client's DPoP key (RFC 7638); null where the request has no proof
 */
public record FlowOwner(ClientModel client, @Nullable String thumbprint) {}
