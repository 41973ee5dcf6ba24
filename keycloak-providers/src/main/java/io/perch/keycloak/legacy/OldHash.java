package io.perch.keycloak.legacy;

import io.perch.keycloak.bcrypt.BcryptHash;
import io.perch.keycloak.bcrypt.BcryptPasswordHashProviderFactory;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keycloak.models.credential.PasswordCredentialModel;

/** Converts the hashes of old services to credentials that a provider of this server can verify. */
final class OldHash {

    /** The PHC string format, as argon2-cffi and passlib write it: memory in KiB. */
    private static final Pattern ARGON2 = Pattern.compile(
            "\\$argon2(id|i|d)\\$v=19\\$m=(\\d{1,6}),t=(\\d{1,2}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    /** The most memory of a hash, in KiB. A row of the old table must not make a sign-in use too much memory of the server. */
    private static final int MAX_MEMORY = 256 * 1024;

    private OldHash() {}

    /** The credential for a hash; empty if the hash cannot be verified. */
    static Optional<PasswordCredentialModel> credential(String hash) {
        if (BcryptHash.parse(hash).isPresent()) {
            return Optional.of(BcryptPasswordHashProviderFactory.credential(hash));
        }
        Matcher argon2 = ARGON2.matcher(hash);
        return argon2.matches() && Integer.parseInt(argon2.group(2)) <= MAX_MEMORY
                ? Optional.of(argon2(argon2))
                : Optional.empty();
    }

    /**
     * A credential for Keycloak's own provider. It reads the parameters from the credential, and hashes again at the first sign-in.
     */
    private static PasswordCredentialModel argon2(Matcher hash) {
        byte[] value = Base64.getDecoder().decode(hash.group(6));
        return PasswordCredentialModel.createFromValues(
                "argon2",
                Base64.getDecoder().decode(hash.group(5)),
                Integer.parseInt(hash.group(3)),
                Map.of(
                        "type", List.of(hash.group(1)),
                        "version", List.of("1.3"),
                        "memory", List.of(hash.group(2)),
                        "parallelism", List.of(hash.group(4)),
                        "hashLength", List.of(Integer.toString(value.length))),
                Base64.getEncoder().encodeToString(value));
    }
}
