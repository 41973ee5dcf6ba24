package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.keycloak.events.EventType;
import org.keycloak.models.AccountRoles;

/** {@code /me/password}: changes the password. It requires the current one. */
final class MyPassword {

    private MyPassword() {}

    static Response change(Call call) {
        Caller caller = Caller.of(call, EventType.UPDATE_CREDENTIAL);
        caller.requireAccountRole(call, AccountRoles.MANAGE_ACCOUNT);
        Fields fields = call.fields();
        fields.allow(Set.of("current_password", NewPassword.MEMBER));
        String current = fields.requiredSecret("current_password");
        String newPassword = fields.requiredSecret(NewPassword.MEMBER);
        fields.check();
        // With a stolen token an attacker must not be able to guess the password
        PasswordCheck.require(call, caller.client(), caller.user(), current);
        NewPassword.set(call, caller.user(), newPassword);
        call.sessionsOf(caller.user()).end(call.event(), userSession -> !caller.isCurrent(userSession));
        return Answers.done();
    }
}
