package io.perch.keycloak.headless;

import java.util.List;
import java.util.Map;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.utils.FormMessage;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * What a step may use to describe itself and to check its entry.
 *
 * @param session of the request
 * @param login the sign-in
 * @param page attributes of the page that was recorded; empty where none was in this request
 * @param errors what the page says is wrong
 */
record StepContext(
        KeycloakSession session,
        AuthenticationSessionModel login,
        Map<String, Object> page,
        List<FormMessage> errors) {}
