// A sketch for Apple's systems. It is not compiled and not tested here. It shows each request of docs/guides/first-party-apps.md. It leaves
// out the screens, and what an app does without a network.

import CryptoKit
import Foundation

extension Data {
    var base64URL: String {
        base64EncodedString()
            .replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }
}

private func sha256(_ text: String) -> Data { Data(SHA256.hash(data: Data(text.utf8))) }

/// The key of this device (RFC 9449). The private part never leaves the Secure Enclave.
struct DPoPKey {
    private let key: SecureEnclave.P256.Signing.PrivateKey

    /// `stored` is what `stored` gave the last time; an app keeps it in the keychain. Only this Secure Enclave can use it.
    init(stored: Data? = nil) throws {
        key = try stored.map { try SecureEnclave.P256.Signing.PrivateKey(dataRepresentation: $0) }
            ?? SecureEnclave.P256.Signing.PrivateKey()
    }

    var stored: Data { key.dataRepresentation }

    /// A proof for one request. With an access token it is for a resource server.
    func proof(method: String, url: URL, accessToken: String? = nil) throws -> String {
        let point = key.publicKey.rawRepresentation
        let jwk = [
            "kty": "EC", "crv": "P-256",
            "x": point.prefix(32).base64URL,
            "y": point.suffix(32).base64URL,
        ]
        let header: [String: Any] = ["typ": "dpop+jwt", "alg": "ES256", "jwk": jwk]
        var claims: [String: Any] = [
            "jti": UUID().uuidString,
            "htm": method,
            "htu": url.absoluteString,
            "iat": Int(Date().timeIntervalSince1970),
        ]
        if let accessToken {
            claims["ath"] = sha256(accessToken).base64URL
        }
        let content = try [header, claims]
            .map { try JSONSerialization.data(withJSONObject: $0).base64URL }
            .joined(separator: ".")
        return content + "." + (try key.signature(for: Data(content.utf8)).rawRepresentation.base64URL)
    }
}

/// What comes after a request.
enum Answer {
    /// Show the fields of `challenge` to the user, and call `step` with them.
    case step(type: String, challenge: [String: Any], failed: Bool)
    /// The user is signed in.
    case tokens(access: String, refresh: String?)
    /// The end of a flow with prompt=reset_password. Start a sign-in.
    case passwordChanged
    /// Open an ASWebAuthenticationSession. Without `requestURI` start a new authorization code flow there.
    case browser(requestURI: String?, codeVerifier: String)
    /// Say so, or wait `retryAfter` seconds, or start again.
    case failed(error: String, retryAfter: Int?)
}

/// One flow.
actor SignIn {
    private let realm: URL
    private let clientID: String
    private let key: DPoPKey
    private let codeVerifier: String
    private var authSession: String?

    init(realm: URL, clientID: String, key: DPoPKey) {
        self.realm = realm
        self.clientID = clientID
        self.key = key
        // 256 random bits
        codeVerifier = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64URL
    }

    /// Signs in; or registers with prompt=create; or replaces a forgotten password with prompt=reset_password.
    func start(prompt: String? = nil, acrValues: String? = nil) async throws -> Answer {
        var form = [
            "response_type": "code",
            "scope": "openid",
            "code_challenge": sha256(codeVerifier).base64URL,
            "code_challenge_method": "S256",
        ]
        form["prompt"] = prompt
        form["acr_values"] = acrValues
        return try await challenge(form)
    }

    /// Sends what the user has entered, such as username and password, otp, code or credential.
    func step(_ fields: [String: String]) async throws -> Answer {
        var form = fields
        form["auth_session"] = authSession
        return try await challenge(form)
    }

    /// New tokens, with the same key. After insufficient_authorization the user signs in again: start a new flow.
    func refresh(_ refreshToken: String) async throws -> Answer {
        try await tokens(["grant_type": "refresh_token", "refresh_token": refreshToken])
    }

    private func challenge(_ form: [String: String]) async throws -> Answer {
        let (json, retryAfter) = try await post("authorization-challenge", form)
        let error = json["error"] as? String
        // An answer without a new value did not use the old one, or the flow has ended
        authSession = json["auth_session"] as? String ?? authSession
        if let code = json["authorization_code"] as? String {
            return try await redeem(code)
        }
        if json["password_changed"] != nil {
            return .passwordChanged
        }
        if let challenge = json["challenge"] as? [String: Any], let type = challenge["type"] as? String {
            return .step(type: type, challenge: challenge, failed: json["step_failed"] as? Bool ?? false)
        }
        if error == "redirect_to_web" {
            return .browser(requestURI: json["request_uri"] as? String, codeVerifier: codeVerifier)
        }
        return .failed(error: error ?? "", retryAfter: retryAfter)
    }

    // No redirect_uri: the code is bound to the client, the key and the code_challenge
    private func redeem(_ code: String) async throws -> Answer {
        try await tokens(["grant_type": "authorization_code", "code": code, "code_verifier": codeVerifier])
    }

    private func tokens(_ form: [String: String]) async throws -> Answer {
        let (json, retryAfter) = try await post("protocol/openid-connect/token", form)
        guard let access = json["access_token"] as? String else {
            return .failed(error: json["error"] as? String ?? "", retryAfter: retryAfter)
        }
        return .tokens(access: access, refresh: json["refresh_token"] as? String)
    }

    private func post(_ path: String, _ form: [String: String]) async throws -> ([String: Any], Int?) {
        let url = realm.appendingPathComponent(path)
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
        request.setValue(try key.proof(method: "POST", url: url), forHTTPHeaderField: "DPoP")
        request.httpBody = Data(encode(form.merging(["client_id": clientID]) { old, _ in old }).utf8)
        let (data, response) = try await URLSession.shared.data(for: request)
        let json = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
        let retryAfter = (response as? HTTPURLResponse)?.value(forHTTPHeaderField: "Retry-After").flatMap { Int($0) }
        return (json, retryAfter)
    }

    private func encode(_ form: [String: String]) -> String {
        let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return form
            .map { name, value in name + "=" + (value.addingPercentEncoding(withAllowedCharacters: unreserved) ?? "") }
            .joined(separator: "&")
    }
}
