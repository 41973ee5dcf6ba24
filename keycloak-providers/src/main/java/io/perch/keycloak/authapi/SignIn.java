package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.keycloak.OAuth2Constants;
import org.keycloak.events.EventType;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.endpoints.LogoutEndpoint;

/** {@code /login}, {@code /refresh} and {@code /logout}. */
final class SignIn {

    /** The name of the second factor's code, both in the body and in the flow's form. */
    static final String OTP = "otp";

    private SignIn() {}

    static Response login(Call call) {
        Fields fields = call.fields();
        fields.allow(withClient("username", "email", "password", OTP, OAuth2Constants.SCOPE));
        Optional<String> username = fields.text("username").filter(text -> !text.isEmpty());
        Optional<String> email = fields.text("email");
        String password = fields.requiredSecret("password");
        if (fields.isGiven("username") && fields.isGiven("email")) {
            fields.refuse("email", "is too much beside username");
        }
        if (!fields.isGiven("username") && !fields.isGiven("email")) {
            fields.refuse("username", "is missing");
        }
        MultivaluedMap<String, String> form = formOfFlow(fields, ClientAuthentication.form(call, fields));
        fields.check();
        String name = username.or(() -> email).orElse("");
        if (call.realm().isBruteForceProtected() && !call.settings().signIns().enter(call.session(), name)) {
            throw TokenRequest.busy();
        }
        form.putSingle("username", name);
        form.putSingle("password", password);
        return Answers.ok(TokenRequest.password(call, form, call.event()));
    }

    /** Adds the second factor's code and the scope to the form of a flow, if the request has them. */
    static MultivaluedMap<String, String> formOfFlow(Fields fields, MultivaluedMap<String, String> form) {
        fields.text(OTP).filter(code -> !code.isEmpty()).ifPresent(code -> form.putSingle(OTP, code));
        fields.text(OAuth2Constants.SCOPE).ifPresent(scope -> form.putSingle(OAuth2Constants.SCOPE, scope));
        return form;
    }

    static Response refresh(Call call) {
        return Answers.ok(TokenRequest.refresh(call, refreshToken(call, call.fields())));
    }

    static Response logout(Call call) {
        Fields fields = call.fields();
        return fields.secret(OAuth2Constants.REFRESH_TOKEN).isEmpty() && call.hasAccessToken()
                ? logoutByAccessToken(call, fields)
                : logoutByRefreshToken(call, fields);
    }

    private static Response logoutByAccessToken(Call call, Fields fields) {
        fields.allow(Set.of(OAuth2Constants.REFRESH_TOKEN));
        fields.check();
        Caller caller = Caller.of(call, EventType.LOGOUT);
        call.sessionsOf(caller.user()).end(call.event(), caller::isCurrent);
        return Answers.done();
    }

    private static Response logoutByRefreshToken(Call call, Fields fields) {
        MultivaluedMap<String, String> form = refreshToken(call, fields);
        Response response = Endpoint.run(
                call, form, () -> new LogoutEndpoint(call.session(), new TokenManager(), call.event()).logout());
        if (response.getStatus() != 204) {
            throw Endpoint.refused(response);
        }
        return Answers.done();
    }

    private static MultivaluedMap<String, String> refreshToken(Call call, Fields fields) {
        fields.allow(withClient(OAuth2Constants.REFRESH_TOKEN));
        String token = fields.requiredSecret(OAuth2Constants.REFRESH_TOKEN);
        MultivaluedMap<String, String> form = ClientAuthentication.form(call, fields);
        fields.check();
        form.putSingle(OAuth2Constants.REFRESH_TOKEN, token);
        return form;
    }

    /** These members and those of client authentication. */
    static Set<String> withClient(String... members) {
        Set<String> all = new HashSet<>(Set.of(members));
        all.addAll(ClientAuthentication.MEMBERS);
        return all;
    }
}
