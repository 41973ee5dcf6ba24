package io.perch.keycloak.authapi;

import java.util.List;
import java.util.Optional;
import org.keycloak.events.Errors;
import org.keycloak.models.ClientModel;
import org.keycloak.models.UserModel;

/**
 * The proof that a code is entered by the person who registered the account: the password, the token from the answer to the
 * registration, or an access token of the account.
 */
final class Proof {

    static final String PASSWORD = "password";
    static final String TOKEN = "registration_token";
    static final String NOT_VALID = "is not valid, or no longer";

    private final Optional<String> password;
    private final Optional<String> token;
    private final boolean bearer;

    private Proof(Optional<String> password, Optional<String> token, boolean bearer) {
        this.password = password;
        this.token = token;
        this.bearer = bearer;
    }

    /** Reads the proofs in the request. Members that exclude each other are errors. */
    static Proof of(Call call, Fields fields) {
        Proof proof = new Proof(given(fields, PASSWORD), given(fields, TOKEN), call.hasAccessToken());
        if (proof.password.isPresent() && proof.token.isPresent()) {
            fields.refuse(TOKEN, "is too much beside password");
        }
        if (fields.isGiven(NewPassword.MEMBER) && proof.isGiven()) {
            fields.refuse(NewPassword.MEMBER, "is too much: the account keeps its password");
        }
        return proof;
    }

    private static Optional<String> given(Fields fields, String member) {
        return fields.secret(member).filter(text -> !text.isEmpty());
    }

    /**
     * Whether the request has a valid proof.
     *
     * @param client the client of the call
     * @param user the user whose code was correct
     * @throws ProblemException if the request has a wrong proof; the code stays valid
     */
    boolean isGivenFor(Call call, ClientModel client, UserModel user) {
        if (bearer && !Caller.of(call).user().getId().equals(user.getId())) {
            throw ProblemException.of(ProblemType.FORBIDDEN, "The access token is another account's");
        }
        password.ifPresent(text -> PasswordCheck.require(call, client, user, text));
        token.ifPresent(text -> checkToken(call, user, text));
        return isGiven();
    }

    private boolean isGiven() {
        return bearer || password.isPresent() || token.isPresent();
    }

    private static void checkToken(Call call, UserModel user, String token) {
        if (!RegistrationToken.isFor(call.session(), token, user)) {
            call.event().user(user).error(Errors.INVALID_TOKEN);
            throw ProblemException.of(List.of(FieldError.of(TOKEN, NOT_VALID)));
        }
    }
}
