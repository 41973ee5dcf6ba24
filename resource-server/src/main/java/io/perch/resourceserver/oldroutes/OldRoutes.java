package io.perch.resourceserver.oldroutes;

import static io.perch.resourceserver.oldroutes.OldRoute.get;
import static io.perch.resourceserver.oldroutes.OldRoute.post;
import static io.perch.resourceserver.oldroutes.OldRoute.put;

import io.perch.resourceserver.oldroutes.OldRoute.Answer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The table of old routes; see {@code docs/old-routes.md}. A path with a slash at its end is the same path. */
final class OldRoutes {

    private static final Map<String, String> EMAIL = FieldNames.unchanged("email");
    private static final Map<String, String> SIGN_IN = FieldNames.unchanged("username", "email", "password", "otp");
    private static final Map<String, String> PROFILE = FieldNames.plus(
            FieldNames.unchanged("username", "email", "first_name", "last_name"), "phone", "phone_number");
    private static final Map<String, String> REGISTRATION = FieldNames.plus(PROFILE, "password", "password");
    private static final Map<String, String> VERIFICATION =
            FieldNames.unchanged("email", "code", "password", "new_password");
    private static final Map<String, String> REFRESH_TOKEN = FieldNames.unchanged("refresh_token");
    private static final Map<String, String> RESET = FieldNames.unchanged("token", "email", "code", "new_password");
    private static final Map<String, String> NEW_PASSWORD = FieldNames.plus(
            FieldNames.unchanged("current_password", "new_password"), "old_password", "current_password");
    private static final Map<String, String> PAGE =
            FieldNames.plus(FieldNames.plus(FieldNames.unchanged("search"), "skip", "first"), "limit", "max");

    private static final String MAIL_SENT = "If the address has an account, an e-mail was sent";
    private static final String PASSWORD_SET = "The new password is set; sign in with it";

    /** All rows. A path that two services had is one row. */
    static final List<OldRoute> ALL = List.of(
            // Twitter login, and user management
            post("/register", "/register", REGISTRATION),
            post("/login", "/login", SIGN_IN),
            post("/token", "/login", FieldNames.unchanged("username", "password"))
                    .asForm(),

            // JWT authentication
            post("/api/v1/auth/register", "/register", REGISTRATION),
            post("/api/v1/auth/login", "/login", SIGN_IN),
            post("/api/v1/auth/refresh", "/refresh", REFRESH_TOKEN),
            post("/api/v1/auth/logout", "/logout", REFRESH_TOKEN)
                    .withCallersToken()
                    .messageOnly("Signed out"),
            post("/api/v1/auth/forgot-password", "/forgot-password", EMAIL).messageOnly(MAIL_SENT),
            post("/api/v1/auth/reset-password", "/reset-password", RESET).messageOnly(PASSWORD_SET),
            get("/api/v1/users/me", "/me", Map.of()),
            put("/api/v1/users/me", "/me", PROFILE),
            post("/api/v1/users/change-password", "/me/password", NEW_PASSWORD)
                    .withCallersToken()
                    .messageOnly("The new password is set"),
            get("/api/v1/users", "/users", PAGE).withAnswer(Answer.ITEMS),

            // Authentication system
            post("/balance_hub/auth/register", "/register", REGISTRATION)
                    .settingTokenCookie()
                    .settingProofCookie(),
            post("/balance_hub/auth/verify-email", "/verify-email", VERIFICATION)
                    .messageOnly("The address is verified")
                    .settingTokenCookie()
                    .sendingProofCookie(),
            post("/balance_hub/auth/resend-verification", "/resend-verification", EMAIL)
                    .messageOnly(MAIL_SENT),
            post("/balance_hub/auth/login", "/login", SIGN_IN)
                    .messageOnly("Signed in")
                    .settingTokenCookie(),
            post("/balance_hub/auth/logout", "/logout", REFRESH_TOKEN)
                    .withCallersToken()
                    .messageOnly("Signed out")
                    .deletingTokenCookie(),
            put("/balance_hub/auth/update-user", "/me", PROFILE),
            post("/balance_hub/auth/password/forget", "/forgot-password", EMAIL).messageOnly(MAIL_SENT),
            post("/balance_hub/auth/password/reset", "/reset-password", RESET).messageOnly(PASSWORD_SET),

            // User authentication
            post("/api/v1/auth/signup", "/register", REGISTRATION).withMessage("Registered"),
            post("/api/v1/auth/signin", "/login", SIGN_IN).withAnswer(Answer.TOKENS_AND_USER));

    private static final Set<String> PATHS = ALL.stream().map(OldRoute::path).collect(Collectors.toUnmodifiableSet());

    private OldRoutes() {}

    /** Whether a row has exactly this path. This is one look-up, because it is called for every request. */
    static boolean havePath(String path) {
        return PATHS.contains(path);
    }
}
