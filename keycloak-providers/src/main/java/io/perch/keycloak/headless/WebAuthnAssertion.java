package io.perch.keycloak.headless;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keycloak.WebAuthnConstants;
import org.keycloak.models.Constants;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.WebAuthnCredentialModel;
import org.keycloak.models.credential.dto.WebAuthnCredentialData;
import org.keycloak.util.JsonSerialization;

/**
 * An assertion of a passkey or a security key (Web Authentication Level 3). The client gets the options and sends the credential in the JSON
 * forms of the specification: {@code PublicKeyCredentialRequestOptionsJSON} and {@code AuthenticationResponseJSON} (section 5.1.9 and 5.1.10),
 * which the programming interfaces of Android, Apple and browsers take and give. The one class that knows Keycloak's names for their parts.
 */
final class WebAuthnAssertion {

    /** The member with the credential. */
    static final String CREDENTIAL = "credential";

    private static final String TYPE = "webauthn";
    private static final String PUBLIC_KEY = "publicKey";
    private static final String PUBLIC_KEY_TYPE = "public-key";

    private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]+");
    private static final long MILLISECONDS = 1000;

    /** The most bytes of a user handle (Web Authentication, 5.4.3). */
    private static final int MAX_USER_HANDLE = 64;

    private WebAuthnAssertion() {}

    /** The step of an authenticator that takes nothing else. */
    static Step step(String credentialType) {
        return new Step(
                TYPE,
                List.of(CREDENTIAL),
                context -> options(context, credentialType),
                (context, entry) -> form(entry));
    }

    /** A step whose page may offer passkeys beside its own fields. It then takes a credential in place of them. */
    static Step orPasskey(Step step) {
        List<String> fields = new ArrayList<>(step.fields());
        fields.add(CREDENTIAL);
        return new Step(
                step.type(),
                List.copyOf(fields),
                context -> {
                    Map<String, Object> details = new HashMap<>(step.details().of(context));
                    if (offersPasskeys(context)) {
                        details.putAll(options(context, WebAuthnCredentialModel.TYPE_PASSWORDLESS));
                    }
                    return details;
                },
                (context, entry) -> entry.get(CREDENTIAL).isPresent()
                        ? form(entry)
                        : step.form().of(context, entry),
                (context, field) -> !field.equals(CREDENTIAL) || offersPasskeys(context),
                step.lookUp(),
                step.proof(),
                step.foreign());
    }

    private static boolean offersPasskeys(StepContext context) {
        return Boolean.TRUE.equals(context.page().get(WebAuthnConstants.ENABLE_WEBAUTHN_CONDITIONAL_UI));
    }

    private static Map<String, Object> options(StepContext context, String credentialType) {
        Map<String, Object> publicKey = new LinkedHashMap<>();
        text(context, WebAuthnConstants.CHALLENGE).ifPresent(challenge -> publicKey.put("challenge", challenge));
        text(context, WebAuthnConstants.RP_ID).ifPresent(rpId -> publicKey.put("rpId", rpId));
        if (context.page().get(WebAuthnConstants.CREATE_TIMEOUT) instanceof Integer seconds && seconds > 0) {
            publicKey.put("timeout", seconds * MILLISECONDS);
        }
        text(context, WebAuthnConstants.USER_VERIFICATION)
                .filter(requirement -> !requirement.equals(Constants.DEFAULT_WEBAUTHN_POLICY_NOT_SPECIFIED))
                .ifPresent(requirement -> publicKey.put("userVerification", requirement));
        publicKey.put("allowCredentials", allowed(context, credentialType));
        return Map.of(PUBLIC_KEY, publicKey);
    }

    private static Optional<String> text(StepContext context, String attribute) {
        return context.page().get(attribute) instanceof String text && !text.isEmpty()
                ? Optional.of(text)
                : Optional.empty();
    }

    // Of the user whom the page knows. To anybody else it would say who has an account
    private static List<Map<String, Object>> allowed(StepContext context, String credentialType) {
        UserModel user = context.login().getAuthenticatedUser();
        return user == null
                ? List.of()
                : user.credentialManager()
                        .getStoredCredentialsByTypeStream(credentialType)
                        .map(WebAuthnCredentialModel::createFromCredentialModel)
                        .map(WebAuthnCredentialModel::getWebAuthnCredentialData)
                        .map(WebAuthnAssertion::descriptor)
                        .toList();
    }

    private static Map<String, Object> descriptor(WebAuthnCredentialData credential) {
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("type", PUBLIC_KEY_TYPE);
        descriptor.put(
                "id",
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(Base64.getMimeDecoder().decode(credential.getCredentialId())));
        Set<String> transports = credential.getTransports();
        if (transports != null && !transports.isEmpty()) {
            descriptor.put("transports", new TreeSet<>(transports));
        }
        return descriptor;
    }

    private static Optional<MultivaluedMap<String, String>> form(Entry entry) {
        return entry.get(CREDENTIAL).flatMap(WebAuthnAssertion::parse).flatMap(WebAuthnAssertion::form);
    }

    private static Optional<Credential> parse(String json) {
        try {
            return Optional.ofNullable(JsonSerialization.readValue(json, Credential.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<MultivaluedMap<String, String>> form(Credential credential) {
        Assertion assertion = credential.response();
        if (assertion == null
                || !PUBLIC_KEY_TYPE.equals(credential.type())
                || !isBase64(credential.rawId())
                || !isBase64(assertion.clientDataJSON())
                || !isBase64(assertion.authenticatorData())
                || !isBase64(assertion.signature())
                || !isUserHandle(assertion.userHandle())) {
            return Optional.empty();
        }
        MultivaluedMap<String, String> form = new MultivaluedHashMap<>();
        form.putSingle(WebAuthnConstants.CREDENTIAL_ID, credential.rawId());
        form.putSingle(WebAuthnConstants.CLIENT_DATA_JSON, assertion.clientDataJSON());
        form.putSingle(WebAuthnConstants.AUTHENTICATOR_DATA, assertion.authenticatorData());
        form.putSingle(WebAuthnConstants.SIGNATURE, assertion.signature());
        // Keycloak takes a form without it for one that nobody has filled in
        form.putSingle(WebAuthnConstants.USER_HANDLE, assertion.userHandle() == null ? "" : assertion.userHandle());
        return Optional.of(form);
    }

    private static boolean isBase64(@Nullable String value) {
        return value != null && decode(value).isPresent();
    }

    // Keycloak looks it up as the user's id
    private static boolean isUserHandle(@Nullable String value) {
        return value == null
                || value.isEmpty()
                || decode(value)
                        .filter(bytes -> bytes.length <= MAX_USER_HANDLE)
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .filter(id -> id.chars().noneMatch(Character::isISOControl))
                        .isPresent();
    }

    private static Optional<byte[]> decode(String value) {
        if (!BASE64URL.matcher(value).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getUrlDecoder().decode(value));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * {@code AuthenticationResponseJSON}, as far as it is used.
     *
     * @param rawId the credential's id
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Credential(
            @Nullable String rawId,
            @Nullable String type,
            @Nullable Assertion response) {}

    /** {@code AuthenticatorAssertionResponseJSON}. Every value is Base64url without padding. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Assertion(
            @Nullable String clientDataJSON,
            @Nullable String authenticatorData,
            @Nullable String signature,
            @Nullable String userHandle) {}
}
