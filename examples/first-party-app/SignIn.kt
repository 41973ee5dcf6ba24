// A sketch for Android. It is not compiled and not tested here. It shows each request of docs/guides/first-party-apps.md. It leaves out the
// screens, and what an app does without a network. OkHttp sends the requests.

package com.example.app

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.util.Base64
import okhttp3.FormBody
import okhttp3.OkHttpClient
import okhttp3.Request
import org.json.JSONArray
import org.json.JSONObject
import java.math.BigInteger
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.MessageDigest
import java.security.PrivateKey
import java.security.SecureRandom
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.util.UUID

private fun ByteArray.base64Url(): String =
    Base64.encodeToString(this, Base64.URL_SAFE or Base64.NO_PADDING or Base64.NO_WRAP)

private fun sha256(text: String): ByteArray = MessageDigest.getInstance("SHA-256").digest(text.toByteArray())

/** The key of this device (RFC 9449). The private part never leaves the Android Keystore. */
class DpopKey(private val alias: String = "dpop") {

    private val store = KeyStore.getInstance("AndroidKeyStore").apply { load(null) }

    init {
        if (!store.containsAlias(alias)) {
            KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, "AndroidKeyStore").run {
                initialize(
                    KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_SIGN)
                        .setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
                        .setDigests(KeyProperties.DIGEST_SHA256)
                        .build(),
                )
                generateKeyPair()
            }
        }
    }

    /** A proof for one request. With an access token it is for a resource server. */
    fun proof(method: String, url: String, accessToken: String? = null): String {
        val point = (store.getCertificate(alias).publicKey as ECPublicKey).w
        val jwk = JSONObject()
            .put("kty", "EC").put("crv", "P-256")
            .put("x", bytes32(point.affineX).base64Url())
            .put("y", bytes32(point.affineY).base64Url())
        val header = JSONObject().put("typ", "dpop+jwt").put("alg", "ES256").put("jwk", jwk)
        val claims = JSONObject()
            .put("jti", UUID.randomUUID().toString())
            .put("htm", method)
            .put("htu", url)
            .put("iat", System.currentTimeMillis() / 1000)
        accessToken?.let { claims.put("ath", sha256(it).base64Url()) }
        val content = listOf(header, claims).joinToString(".") { it.toString().toByteArray().base64Url() }
        val der = Signature.getInstance("SHA256withECDSA").run {
            initSign(store.getKey(alias, null) as PrivateKey)
            update(content.toByteArray())
            sign()
        }
        return "$content.${fromDer(der).base64Url()}"
    }

    private fun bytes32(value: BigInteger): ByteArray {
        val bytes = value.toByteArray()
        return ByteArray(32).also {
            val length = minOf(bytes.size, 32)
            bytes.copyInto(it, 32 - length, bytes.size - length)
        }
    }

    // A JWS has r and s with 32 bytes each (RFC 7518, section 3.4), the Keystore gives ASN.1
    private fun fromDer(der: ByteArray): ByteArray {
        val rLength = der[3].toInt()
        val r = der.copyOfRange(4, 4 + rLength)
        val s = der.copyOfRange(6 + rLength, der.size)
        return bytes32(BigInteger(r)) + bytes32(BigInteger(s))
    }
}

/** What comes after a request. */
sealed interface Answer {
    /** Show the fields of [challenge] to the user, and call [SignIn.step] with them. */
    data class Step(val type: String, val challenge: JSONObject, val failed: Boolean) : Answer

    /** The user is signed in. */
    data class Tokens(val access: String, val refresh: String?) : Answer

    /** The end of a flow with prompt=reset_password. Start a sign-in. */
    data object PasswordChanged : Answer

    /** Open a browser. Without [requestUri] start a new authorization code flow there. */
    data class Browser(val requestUri: String?, val codeVerifier: String) : Answer

    /** Say so, or wait [retryAfter] seconds, or start again. */
    data class Failed(val error: String, val retryAfter: Int?) : Answer
}

/** One flow. Call it from a thread that may wait. */
class SignIn(private val realm: String, private val clientId: String, private val key: DpopKey) {

    private val http = OkHttpClient()
    private val codeVerifier = ByteArray(32).also { SecureRandom().nextBytes(it) }.base64Url()
    private var authSession: String? = null

    /** Signs in; or registers with prompt=create; or replaces a forgotten password with prompt=reset_password. */
    fun start(prompt: String? = null, acrValues: String? = null): Answer {
        val form = mutableMapOf(
            "response_type" to "code",
            "scope" to "openid",
            "code_challenge" to sha256(codeVerifier).base64Url(),
            "code_challenge_method" to "S256",
        )
        prompt?.let { form["prompt"] = it }
        acrValues?.let { form["acr_values"] = it }
        return challenge(form)
    }

    /** Sends what the user has entered, such as username and password, otp, code or credential. */
    fun step(fields: Map<String, String>): Answer = challenge(fields + ("auth_session" to checkNotNull(authSession)))

    /** New tokens, with the same key. After insufficient_authorization the user signs in again: start a new flow. */
    fun refresh(refreshToken: String): Answer =
        tokens(mapOf("grant_type" to "refresh_token", "refresh_token" to refreshToken))

    private fun challenge(form: Map<String, String>): Answer {
        val (json, retryAfter) = post("$realm/authorization-challenge", form)
        // An answer without a new value did not use the old one, or the flow has ended
        json.textOrNull("auth_session")?.let { authSession = it }
        return when {
            json.has("authorization_code") -> redeem(json.getString("authorization_code"))
            json.has("password_changed") -> Answer.PasswordChanged
            json.has("challenge") -> json.getJSONObject("challenge").let {
                Answer.Step(it.getString("type"), it, json.getBoolean("step_failed"))
            }
            json.optString("error") == "redirect_to_web" -> Answer.Browser(json.textOrNull("request_uri"), codeVerifier)
            else -> Answer.Failed(json.optString("error"), retryAfter)
        }
    }

    // No redirect_uri: the code is bound to the client, the key and the code_challenge
    private fun redeem(code: String): Answer =
        tokens(mapOf("grant_type" to "authorization_code", "code" to code, "code_verifier" to codeVerifier))

    private fun tokens(form: Map<String, String>): Answer {
        val (json, retryAfter) = post("$realm/protocol/openid-connect/token", form)
        return if (json.has("access_token")) {
            Answer.Tokens(json.getString("access_token"), json.textOrNull("refresh_token"))
        } else {
            Answer.Failed(json.optString("error"), retryAfter)
        }
    }

    private fun post(url: String, form: Map<String, String>): Pair<JSONObject, Int?> {
        val body = FormBody.Builder().add("client_id", clientId)
        form.forEach { (name, value) -> body.add(name, value) }
        val request = Request.Builder().url(url).header("DPoP", key.proof("POST", url)).post(body.build()).build()
        http.newCall(request).execute().use { response ->
            return JSONObject(response.body!!.string()) to response.header("Retry-After")?.toIntOrNull()
        }
    }

    private fun JSONObject.textOrNull(name: String): String? = if (has(name)) getString(name) else null
}

/** The fields that the user fills in at a registration, with what is required. */
fun fields(registration: Answer.Step): List<Pair<String, Boolean>> {
    val profile: JSONArray = registration.challenge.getJSONArray("profile")
    return (0 until profile.length())
        .map { profile.getJSONObject(it) }
        .map { it.getString("name") to it.getBoolean("required") }
}
