package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.keycloak.OAuth2Constants;
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
        return Answers.ok(TokenRequest.refresh(call, refreshToken(call)));
    }

    static Response logout(Call call) {
        MultivaluedMap<String, String> form = refreshToken(call);
        Response response = Endpoint.run(
                call, form, () -> new LogoutEndpoint(call.session(), new TokenManager(), call.event()).logout());
        if (response.getStatus() != 204) {
            throw Endpoint.refused(response);
        }
        return Answers.done();
    }

    private static MultivaluedMap<String, String> refreshToken(Call call) {
        Fields fields = call.fields();
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
