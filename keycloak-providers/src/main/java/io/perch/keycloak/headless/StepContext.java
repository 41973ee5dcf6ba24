package io.perch.keycloak.headless;

import java.util.Map;
import org.keycloak.models.KeycloakSession;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * What a step may use to describe itself and to check its entry.
 *
 * @param session of the request
 * @param login the sign-in
 * @param page attributes of the page that was recorded; empty where none was in this request
 */
record StepContext(KeycloakSession session, AuthenticationSessionModel login, Map<String, Object> page) {}
