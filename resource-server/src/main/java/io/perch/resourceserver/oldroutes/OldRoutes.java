package io.perch.resourceserver.oldroutes;

import static io.perch.resourceserver.oldroutes.OldRoute.get;
import static io.perch.resourceserver.oldroutes.OldRoute.post;
import static io.perch.resourceserver.oldroutes.OldRoute.put;

import io.perch.resourceserver.oldroutes.OldRoute.Answer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The table; {@code docs/old-routes.md} documents it. A path is the same with a slash at its end. */
final class OldRoutes {

    private static final Map<String, String> EMAIL = FieldNames.same("email");
    private static final Map<String, String> SIGN_IN = FieldNames.same("username", "email", "password", "otp");
    private static final Map<String, String> PROFILE =
            FieldNames.and(FieldNames.same("username", "email", "first_name", "last_name"), "phone", "phone_number");
    private static final Map<String, String> REGISTRATION = FieldNames.and(PROFILE, "password", "password");
    private static final Map<String, String> VERIFICATION =
            FieldNames.same("email", "code", "password", "new_password");
    private static final Map<String, String> REFRESH_TOKEN = FieldNames.same("refresh_token");
    private static final Map<String, String> RESET = FieldNames.same("token", "email", "code", "new_password");
    private static final Map<String, String> NEW_PASSWORD =
            FieldNames.and(FieldNames.same("current_password", "new_password"), "old_password", "current_password");
    private static final Map<String, String> PAGE =
            FieldNames.and(FieldNames.and(FieldNames.same("search"), "skip", "first"), "limit", "max");

    private static final String MAIL_ON_ITS_WAY = "If the address has an account, an e-mail is on its way";
    private static final String PASSWORD_SET = "The new password is set; sign in with it";

    /** Every row. A path that two services had is there once. */
    static final List<OldRoute> ALL = List.of(
            // Twitter login, and user management
            post("/register", "/register", REGISTRATION),
            post("/login", "/login", SIGN_IN),
            post("/token", "/login", FieldNames.same("username", "password")).asForm(),

            // JWT authentication
            post("/api/v1/auth/register", "/register", REGISTRATION),
            post("/api/v1/auth/login", "/login", SIGN_IN),
            post("/api/v1/auth/refresh", "/refresh", REFRESH_TOKEN),
            post("/api/v1/auth/logout", "/logout", REFRESH_TOKEN)
                    .withCallersToken()
                    .sayingOnly("Signed out"),
            post("/api/v1/auth/forgot-password", "/forgot-password", EMAIL).sayingOnly(MAIL_ON_ITS_WAY),
            post("/api/v1/auth/reset-password", "/reset-password", RESET).sayingOnly(PASSWORD_SET),
            get("/api/v1/users/me", "/me", Map.of()),
            put("/api/v1/users/me", "/me", PROFILE),
            post("/api/v1/users/change-password", "/me/password", NEW_PASSWORD)
                    .withCallersToken()
                    .sayingOnly("The new password is set"),
            get("/api/v1/users", "/users", PAGE).answering(Answer.ITEMS),

            // Authentication system
            post("/balance_hub/auth/register", "/register", REGISTRATION)
                    .keepingTheTokenInACookie()
                    .keepingTheProofInACookie(),
            post("/balance_hub/auth/verify-email", "/verify-email", VERIFICATION)
                    .sayingOnly("The address is verified")
                    .keepingTheTokenInACookie()
                    .provenByTheCookie(),
            post("/balance_hub/auth/resend-verification", "/resend-verification", EMAIL)
                    .sayingOnly(MAIL_ON_ITS_WAY),
            post("/balance_hub/auth/login", "/login", SIGN_IN)
                    .sayingOnly("Signed in")
                    .keepingTheTokenInACookie(),
            post("/balance_hub/auth/logout", "/logout", REFRESH_TOKEN)
                    .withCallersToken()
                    .sayingOnly("Signed out")
                    .takingTheCookieAway(),
            put("/balance_hub/auth/update-user", "/me", PROFILE),
            post("/balance_hub/auth/password/forget", "/forgot-password", EMAIL).sayingOnly(MAIL_ON_ITS_WAY),
            post("/balance_hub/auth/password/reset", "/reset-password", RESET).sayingOnly(PASSWORD_SET),

            // User authentication
            post("/api/v1/auth/signup", "/register", REGISTRATION).saying("Registered"),
            post("/api/v1/auth/signin", "/login", SIGN_IN).answering(Answer.TOKENS_AND_USER));

    private static final Set<String> PATHS = ALL.stream().map(OldRoute::path).collect(Collectors.toUnmodifiableSet());

    private OldRoutes() {}

    /** Whether a row has this path, written as it is here: one look-up, for every request is asked. */
    static boolean havePath(String path) {
        return PATHS.contains(path);
    }
}
