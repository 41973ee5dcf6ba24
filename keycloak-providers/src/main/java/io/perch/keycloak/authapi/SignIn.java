package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.keycloak.OAuth2Constants;
import org.keycloak.events.EventType;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.endpoints.LogoutEndpoint;

/** {@code /login}, {@code /refresh} and {@code /logout}. */
final class SignIn {

    private SignIn() {}

    static Response login(Call call) {
        Fields fields = call.fields();
        fields.allow(withClient("username", "email", "password", "otp"));
        Optional<String> username = fields.text("username");
        Optional<String> email = fields.text("email");
        String password = fields.requiredSecret("password");
        Optional<String> otp = fields.text("otp");
        if (fields.has("username") && fields.has("email")) {
            fields.refuse("email", "is too much beside username");
        }
        if (!fields.has("username") && !fields.has("email")) {
            fields.refuse("username", "is missing");
        }
        MultivaluedMap<String, String> form = ClientAuthentication.form(call, fields);
        fields.check();
        form.putSingle("username", username.or(() -> email).orElse(""));
        form.putSingle("password", password);
        otp.ifPresent(code -> form.putSingle("otp", code));
        return Answers.ok(TokenRequest.password(call, form, call.event()));
    }

    static Response refresh(Call call) {
        return Answers.ok(TokenRequest.refresh(call, refreshToken(call, call.fields())));
    }

    static Response logout(Call call) {
        Fields fields = call.fields();
        return fields.secret(OAuth2Constants.REFRESH_TOKEN).isEmpty() && hasAccessToken(call)
                ? logoutByAccessToken(call, fields)
                : logoutByRefreshToken(call, fields);
    }

    private static boolean hasAccessToken(Call call) {
        String header = call.request().getHttpHeaders().getHeaderString(HttpHeaders.AUTHORIZATION);
        return header != null && !header.toLowerCase(Locale.ROOT).startsWith("basic ");
    }

    private static Response logoutByAccessToken(Call call, Fields fields) {
        fields.allow(Set.of(OAuth2Constants.REFRESH_TOKEN));
        fields.check();
        Caller caller = Caller.of(call, EventType.LOGOUT);
        new Sessions(call, caller.user()).end(caller::isCurrent);
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

    /** The members that a body may have which names a client too. */
    static Set<String> withClient(String... members) {
        Set<String> all = new HashSet<>(Set.of(members));
        all.addAll(ClientAuthentication.MEMBERS);
        return all;
    }
}
