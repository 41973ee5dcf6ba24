package io.perch.resourceserver.oldroutes;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/**
 * A row of the table of old routes.
 *
 * @param method the method of the request and of the forwarded call
 * @param path the path in the old service
 * @param call the path in the auth API
 * @param bodyType the media type of the request's body; null without a body
 * @param fields the accepted fields of the body, or query parameters without a body: the auth API's names by the old names
 * @param answer the format of the response
 * @param message a message in the response; null for none
 * @param withToken whether the request's access token is forwarded
 * @param cookie what to do with the access token's cookie
 * @param proof what to do with the registration token, which proves that the same person registered
 */
record OldRoute(
        HttpMethod method,
        String path,
        String call,
        @Nullable MediaType bodyType,
        Map<String, String> fields,
        Answer answer,
        @Nullable String message,
        boolean withToken,
        Cookie cookie,
        Proof proof) {

    /** What to do with the registration token. Without it, a code proves only access to the mailbox. */
    enum Proof {
        /** Nothing. If the response has one, the client gets it. */
        NONE,
        /** Store it in a cookie, and remove it from the response. */
        STORE,
        /** Send it from the cookie, and delete the cookie. */
        SEND
    }

    /** What to do with the access token's cookie. */
    enum Cookie {
        /** Nothing. Tokens are in the response. */
        NONE,
        /** Store the access token in it, and remove all tokens from the response. */
        SET,
        /** Delete it. */
        DELETE
    }

    /** Which part of the auth API's response an old client gets. */
    enum Answer {
        /** All of it, with the old names. */
        ALL,
        /** All of it, and the user of the tokens. */
        TOKENS_AND_USER,
        /** The items of the list, as an array. */
        ITEMS,
        /** Only a message. */
        MESSAGE
    }

    /** The request methods of this row, including {@code HEAD} for {@code GET}. */
    List<HttpMethod> methods() {
        return method.equals(HttpMethod.GET) ? List.of(HttpMethod.GET, HttpMethod.HEAD) : List.of(method);
    }

    static OldRoute post(String path, String call, Map<String, String> fields) {
        return row(HttpMethod.POST, path, call, MediaType.APPLICATION_JSON, fields);
    }

    static OldRoute put(String path, String call, Map<String, String> fields) {
        return row(HttpMethod.PUT, path, call, MediaType.APPLICATION_JSON, fields)
                .withCallersToken();
    }

    static OldRoute get(String path, String call, Map<String, String> fields) {
        return row(HttpMethod.GET, path, call, null, fields).withCallersToken();
    }

    private static OldRoute row(
            HttpMethod method, String path, String call, @Nullable MediaType bodyType, Map<String, String> fields) {
        return new OldRoute(method, path, call, bodyType, fields, Answer.ALL, null, false, Cookie.NONE, Proof.NONE);
    }

    /** Accepts a form of either media type. */
    OldRoute asForm() {
        MediaType form = MediaType.APPLICATION_FORM_URLENCODED;
        return new OldRoute(method, path, call, form, fields, answer, message, withToken, cookie, proof);
    }

    OldRoute withAnswer(Answer other) {
        return new OldRoute(method, path, call, bodyType, fields, other, message, withToken, cookie, proof);
    }

    /** Adds a message to the response. */
    OldRoute withMessage(String text) {
        return new OldRoute(method, path, call, bodyType, fields, answer, text, withToken, cookie, proof);
    }

    /** Responds with a message only. */
    OldRoute messageOnly(String text) {
        return withAnswer(Answer.MESSAGE).withMessage(text);
    }

    OldRoute withCallersToken() {
        return new OldRoute(method, path, call, bodyType, fields, answer, message, true, cookie, proof);
    }

    OldRoute settingTokenCookie() {
        return new OldRoute(method, path, call, bodyType, fields, answer, message, withToken, Cookie.SET, proof);
    }

    OldRoute settingProofCookie() {
        return new OldRoute(method, path, call, bodyType, fields, answer, message, withToken, cookie, Proof.STORE);
    }

    OldRoute sendingProofCookie() {
        return new OldRoute(method, path, call, bodyType, fields, answer, message, withToken, cookie, Proof.SEND);
    }

    OldRoute deletingTokenCookie() {
        return new OldRoute(method, path, call, bodyType, fields, answer, message, withToken, Cookie.DELETE, proof);
    }
}
