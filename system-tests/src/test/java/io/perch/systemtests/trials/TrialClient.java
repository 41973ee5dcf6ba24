package io.perch.systemtests.trials;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.KeycloakAdmin;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Creates clients for trials in the realm of the running system. */
final class TrialClient {

    private TrialClient() {}

    /**
     * Creates a public client whose users sign in by a password or in a browser. The resource server and Keycloak's admin and account
     * APIs accept its tokens.
     *
     * @param flows the client's flows that are not the realm's, by binding
     * @return the {@code client_id}
     */
    static String create(KeycloakAdmin admin, String redirectUri, Map<String, String> flows) {
        String clientId = "trial-" + UUID.randomUUID();
        Map<String, Object> representation = Map.of(
                "clientId",
                clientId,
                "publicClient",
                true,
                "directAccessGrantsEnabled",
                true,
                "fullScopeAllowed",
                true,
                "redirectUris",
                List.of(redirectUri),
                "authenticationFlowBindingOverrides",
                flows,
                "attributes",
                Map.of(
                        "perch.password-grant", "allowed",
                        "access.token.header.type.rfc9068", "true",
                        "access.token.signed.response.alg", "RS256"),
                "defaultClientScopes",
                List.of("basic", "acr", "perch-api"),
                "optionalClientScopes",
                List.of("offline_access"),
                "protocolMappers",
                List.of(
                        mapper(
                                "client_id",
                                "oidc-hardcoded-claim-mapper",
                                Map.of(
                                        "claim.name", "client_id",
                                        "claim.value", clientId,
                                        "jsonType.label", "String",
                                        "access.token.claim", "true")),
                        mapper(
                                "client roles",
                                "oidc-usermodel-client-role-mapper",
                                Map.of(
                                        "claim.name", "resource_access.${client_id}.roles",
                                        "multivalued", "true",
                                        "jsonType.label", "String",
                                        "access.token.claim", "true")),
                        mapper(
                                "account",
                                "oidc-audience-mapper",
                                Map.of(
                                        "included.client.audience", "account",
                                        "access.token.claim", "true"))));
        Answer answer = admin.create("/clients", representation);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        // The realm's policy allows passwords only to clients that already have the attribute
        Answer changed =
                admin.send("PUT", "/clients/" + KeycloakAdmin.created(answer), "{\"directAccessGrantsEnabled\": true}");
        assertThat(changed.status()).as(changed.body()).isEqualTo(204);
        return clientId;
    }

    private static Map<String, Object> mapper(String name, String type, Map<String, String> config) {
        return Map.of("name", name, "protocol", "openid-connect", "protocolMapper", type, "config", config);
    }
}
