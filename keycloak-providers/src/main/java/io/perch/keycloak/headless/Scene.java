package io.perch.keycloak.headless;

import java.util.Map;
import org.keycloak.models.KeycloakSession;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * What a step can look at.
 *
 * @param session of the request
 * @param login the sign-in
 * @param page attributes of the page that was recorded; empty where none was in this request
 */
record Scene(KeycloakSession session, AuthenticationSessionModel login, Map<String, Object> page) {}
