package io.perch.keycloak.firstparty;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import org.keycloak.representations.idm.RealmRepresentation;

/** Browser flows as administrators make them. */
final class TestFlows {

    /** Name and password on one page, and nothing else. */
    static final String PASSWORD = "password only";

    /** The name on one page, the password on the next. */
    static final String USERNAME_FIRST = "username first";

    /** Password, and then a code by e-mail. */
    static final String BY_CODE = "by code";

    /** Password; then users with the role {@code barred} are refused. */
    static final String DENY_ROLE = "deny role";

    /** Name; then users with the role {@code barred} are refused; then the password. */
    static final String DENY_BEFORE_PASSWORD = "deny before password";

    /** Refuses everybody. */
    static final String DENY = "deny";

    /** Password, and then a security key. Who has none has to register one, which needs a browser. */
    static final String SECURITY_KEY = "security key";

    /** A passkey, and nothing else. */
    static final String PASSKEY = "passkey";

    /** For a forgotten password: name, code by e-mail, and the app of users who have one. */
    static final String RESET_BY_CODE = "reset by code";

    /** Password, and then an authenticator app or a recovery code. */
    static final String APP_OR_RECOVERY = "app or recovery code";

    /** Password, and then an authenticator of another extension, or an authenticator app. */
    static final String MEMBERS = "members";

    /** Password, and then an authenticator of another extension that nothing describes. */
    static final String UNDESCRIBED = "undescribed";

    /** Password, and then an authenticator of another extension whose description has faults. */
    static final String FAULTY = "faulty";

    /** Password, and then an authenticator of another extension that does not say when an entry was wrong. */
    static final String SILENT = "silent";

    /** Password, and then the app where level 2 is asked for. */
    static final String STEP_UP = "step-up";

    private static final String JSON = """
            {
              "roles": {"realm": [{"name": "barred"}]},
              "authenticatorConfig": [
                {"alias": "barred", "config": {"condUserRole": "barred"}},
                {"alias": "barred too", "config": {"condUserRole": "barred"}},
                {"alias": "level 1", "config": {"loa-condition-level": "1", "loa-max-age": "36000"}},
                {"alias": "level 2", "config": {"loa-condition-level": "2", "loa-max-age": "0"}}
              ],
              "authenticationFlows": [
                {
                  "alias": "password only", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10}
                  ]
                },
                {
                  "alias": "username first", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "auth-username-form", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "auth-password-form", "requirement": "REQUIRED", "priority": 20}
                  ]
                },
                {
                  "alias": "by code", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "login-email-code", "requirement": "REQUIRED", "priority": 20}
                  ]
                },
                {
                  "alias": "deny role", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10},
                    {"authenticatorFlow": true, "flowAlias": "deny role - barred", "requirement": "CONDITIONAL", "priority": 20}
                  ]
                },
                {
                  "alias": "deny role - barred", "providerId": "basic-flow", "topLevel": false, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "conditional-user-role", "authenticatorConfig": "barred", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "deny-access-authenticator", "requirement": "REQUIRED", "priority": 20}
                  ]
                },
                {
                  "alias": "deny before password", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "auth-username-form", "requirement": "REQUIRED", "priority": 10},
                    {"authenticatorFlow": true, "flowAlias": "deny before password - barred", "requirement": "CONDITIONAL", "priority": 20},
                    {"authenticator": "auth-password-form", "requirement": "REQUIRED", "priority": 30}
                  ]
                },
                {
                  "alias": "deny before password - barred", "providerId": "basic-flow", "topLevel": false, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "conditional-user-role", "authenticatorConfig": "barred too", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "deny-access-authenticator", "requirement": "REQUIRED", "priority": 20}
                  ]
                },
                {
                  "alias": "deny", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "deny-access-authenticator", "requirement": "REQUIRED", "priority": 10}
                  ]
                },
                {
                  "alias": "security key", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "webauthn-authenticator", "requirement": "REQUIRED", "priority": 20}
                  ]
                },
                {
                  "alias": "passkey", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "webauthn-authenticator-passwordless", "requirement": "REQUIRED", "priority": 10}
                  ]
                },
                {
                  "alias": "reset by code", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "reset-credentials-choose-user", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "reset-password-code", "requirement": "REQUIRED", "priority": 20},
                    {"authenticatorFlow": true, "flowAlias": "reset by code - app", "requirement": "CONDITIONAL", "priority": 30},
                    {"authenticator": "reset-password", "requirement": "REQUIRED", "priority": 40}
                  ]
                },
                {
                  "alias": "reset by code - app", "providerId": "basic-flow", "topLevel": false, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "conditional-user-configured", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "auth-otp-form", "requirement": "REQUIRED", "priority": 20}
                  ]
                },
                {
                  "alias": "app or recovery code", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10},
                    {"authenticatorFlow": true, "flowAlias": "app or recovery code - second", "requirement": "REQUIRED", "priority": 20}
                  ]
                },
                {
                  "alias": "app or recovery code - second", "providerId": "basic-flow", "topLevel": false, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "auth-otp-form", "requirement": "ALTERNATIVE", "priority": 10},
                    {"authenticator": "auth-recovery-authn-code-form", "requirement": "ALTERNATIVE", "priority": 20}
                  ]
                },
                {
                  "alias": "members", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10},
                    {"authenticatorFlow": true, "flowAlias": "members - second", "requirement": "REQUIRED", "priority": 20}
                  ]
                },
                {
                  "alias": "members - second", "providerId": "basic-flow", "topLevel": false, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "member-number", "requirement": "ALTERNATIVE", "priority": 10},
                    {"authenticator": "auth-otp-form", "requirement": "ALTERNATIVE", "priority": 20}
                  ]
                },
                {
                  "alias": "undescribed", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "member-number-undescribed", "requirement": "REQUIRED", "priority": 20}
                  ]
                },
                {
                  "alias": "faulty", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "member-number-faulty", "requirement": "REQUIRED", "priority": 20}
                  ]
                },
                {
                  "alias": "silent", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "member-number-silent", "requirement": "REQUIRED", "priority": 20}
                  ]
                },
                {
                  "alias": "step-up", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticatorFlow": true, "flowAlias": "step-up - 1", "requirement": "CONDITIONAL", "priority": 10},
                    {"authenticatorFlow": true, "flowAlias": "step-up - 2", "requirement": "CONDITIONAL", "priority": 20}
                  ]
                },
                {
                  "alias": "step-up - 1", "providerId": "basic-flow", "topLevel": false, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "conditional-level-of-authentication", "authenticatorConfig": "level 1", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 20}
                  ]
                },
                {
                  "alias": "step-up - 2", "providerId": "basic-flow", "topLevel": false, "builtIn": false,
                  "authenticationExecutions": [
                    {"authenticator": "conditional-level-of-authentication", "authenticatorConfig": "level 2", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "auth-otp-form", "requirement": "REQUIRED", "priority": 20}
                  ]
                }
              ]
            }
            """;

    private TestFlows() {}

    /** A realm with these flows; its browser flow is Keycloak's own. */
    static RealmRepresentation realm() {
        try {
            return new ObjectMapper().readValue(JSON, RealmRepresentation.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
