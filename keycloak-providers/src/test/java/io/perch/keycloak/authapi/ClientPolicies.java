package io.perch.keycloak.authapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientPoliciesRepresentation;
import org.keycloak.representations.idm.ClientProfilesRepresentation;

/** The client policy of the realm {@code perch} that forbids the password grant. */
final class ClientPolicies {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ClientPolicies() {}

    static void refusePasswords(RealmResource realm) {
        realm.clientPoliciesProfilesResource().updateProfiles(read("""
                                {"profiles":[{"name":"no-passwords","executors":[
                                  {"executor":"reject-ropc-grant","configuration":{"auto-configure":true}}]}]}""", ClientProfilesRepresentation.class));
        realm.clientPoliciesPoliciesResource().updatePolicies(read("""
                                {"policies":[{"name":"no-passwords","enabled":true,"profiles":["no-passwords"],
                                  "conditions":[{"condition":"any-client","configuration":{}}]}]}""", ClientPoliciesRepresentation.class));
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
