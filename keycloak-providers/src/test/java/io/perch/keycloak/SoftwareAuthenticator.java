package io.perch.keycloak;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.keycloak.representations.idm.CredentialRepresentation;

/** A WebAuthn authenticator with one key (ES256), such as a passkey or a security key. */
public final class SoftwareAuthenticator {

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final int USER_PRESENT = 0x01;
    private static final int USER_VERIFIED = 0x04;

    private final KeyPair key;
    private final byte[] credentialId = new byte[32];
    private int counter;

    /** A new key. */
    public SoftwareAuthenticator() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            key = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        new SecureRandom().nextBytes(credentialId);
    }

    /** The id of the credential, in Base64url. */
    public String credentialId() {
        return BASE64URL.encodeToString(credentialId);
    }

    /**
     * The key as a credential of a user.
     *
     * @param type Keycloak's: {@code webauthn} or {@code webauthn-passwordless}
     */
    public CredentialRepresentation credential(String type) {
        CredentialRepresentation credential = new CredentialRepresentation();
        credential.setType(type);
        credential.setUserLabel("key");
        credential.setSecretData("{}");
        credential.setCredentialData(
                """
                {"aaguid":"00000000-0000-0000-0000-000000000000","credentialId":"%s","counter":0,
                 "credentialPublicKey":"%s","attestationStatementFormat":"none","transports":["usb"]}
                """.formatted(Base64.getEncoder().encodeToString(credentialId), BASE64URL.encodeToString(publicKey())));
        return credential;
    }

    /** An assertion, which counts as the next one of this key. */
    public String assertion(String origin, String rpId, String challenge, String userHandle) {
        counter++;
        return assertion(origin, rpId, challenge, userHandle, counter);
    }

    /**
     * The credential of an assertion in the JSON form of Web Authentication Level 3.
     *
     * @param userHandle the user's id; empty for a key that keeps none
     * @param count the signature counter
     */
    public String assertion(String origin, String rpId, String challenge, String userHandle, int count) {
        String clientData = "{\"type\":\"webauthn.get\",\"challenge\":\"%s\",\"origin\":\"%s\",\"crossOrigin\":false}"
                .formatted(challenge, origin);
        byte[] client = clientData.getBytes(StandardCharsets.UTF_8);
        byte[] authenticator = ByteBuffer.allocate(37)
                .put(sha256(rpId.getBytes(StandardCharsets.UTF_8)))
                .put((byte) (USER_PRESENT | USER_VERIFIED))
                .putInt(count)
                .array();
        byte[] signed = ByteBuffer.allocate(authenticator.length + 32)
                .put(authenticator)
                .put(sha256(client))
                .array();
        String id = credentialId();
        String handle = userHandle.isEmpty()
                ? "null"
                : "\"" + BASE64URL.encodeToString(userHandle.getBytes(StandardCharsets.UTF_8)) + "\"";
        return """
                {"id":"%s","rawId":"%s","type":"public-key","authenticatorAttachment":"platform",
                 "clientExtensionResults":{},
                 "response":{"clientDataJSON":"%s","authenticatorData":"%s","signature":"%s","userHandle":%s}}
                """.formatted(
                        id,
                        id,
                        BASE64URL.encodeToString(client),
                        BASE64URL.encodeToString(authenticator),
                        BASE64URL.encodeToString(sign(signed)),
                        handle);
    }

    private byte[] sign(byte[] content) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key.getPrivate());
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    // COSE_Key (RFC 9052, 7; RFC 9053, 7.1.1) in CBOR: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    private byte[] publicKey() {
        ECPublicKey publicKey = (ECPublicKey) key.getPublic();
        ByteArrayOutputStream cose = new ByteArrayOutputStream();
        cose.writeBytes(new byte[] {(byte) 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20});
        cose.writeBytes(coordinate(publicKey.getW().getAffineX()));
        cose.writeBytes(new byte[] {0x22, 0x58, 0x20});
        cose.writeBytes(coordinate(publicKey.getW().getAffineY()));
        return cose.toByteArray();
    }

    private static byte[] coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] padded = new byte[32];
        int length = Math.min(bytes.length, 32);
        System.arraycopy(bytes, bytes.length - length, padded, 32 - length, length);
        return padded;
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
