package io.perch.resourceserver.oldroutes;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/**
 * A row of the table.
 *
 * @param method of the request, and of the call that it becomes
 * @param path what the old service answered at
 * @param call the call's path in the auth API
 * @param reads the media type of the request's body; null where there is none
 * @param takes what goes on of the body's fields, or of the query's parameters where there is no body: the call's names by the
 *     old ones
 * @param answer what the old service answered
 * @param message a sentence in the answer; null for none
 * @param withToken whether the access token of the request is sent on
 * @param cookie what becomes of the cookie with the access token
 * @param proof what becomes of the proof that the same person registered
 */
record OldRoute(
        HttpMethod method,
        String path,
        String call,
        @Nullable MediaType reads,
        Map<String, String> takes,
        Answer answer,
        @Nullable String message,
        boolean withToken,
        Cookie cookie,
        Proof proof) {

    /** What becomes of the registration's token, without which a code proves the mailbox alone. */
    enum Proof {
        /** Nothing: where the answer has one, the client gets it. */
        UNTOUCHED,
        /** It is put into a cookie, and is not in the answer. */
        GIVEN,
        /** It is taken from there. */
        ASKED
    }

    /** What becomes of the cookie. */
    enum Cookie {
        /** Nothing: tokens are in the answer. */
        UNTOUCHED,
        /** The access token is put there, and no token is in the answer. */
        GIVEN,
        /** It is taken away. */
        TAKEN
    }

    /** What an answer has of what the auth API said. */
    enum Answer {
        /** All of it, under the old names. */
        ALL,
        /** All of it, and who the tokens are for. */
        TOKENS_AND_USER,
        /** The list's items, as an array. */
        ITEMS,
        /** Nothing but a message. */
        MESSAGE
    }

    /** The methods of requests that this row answers: {@code HEAD} where there is {@code GET}. */
    List<HttpMethod> methods() {
        return method.equals(HttpMethod.GET) ? List.of(HttpMethod.GET, HttpMethod.HEAD) : List.of(method);
    }

    static OldRoute post(String path, String call, Map<String, String> takes) {
        return row(HttpMethod.POST, path, call, MediaType.APPLICATION_JSON, takes);
    }

    static OldRoute put(String path, String call, Map<String, String> takes) {
        return row(HttpMethod.PUT, path, call, MediaType.APPLICATION_JSON, takes)
                .withCallersToken();
    }

    static OldRoute get(String path, String call, Map<String, String> takes) {
        return row(HttpMethod.GET, path, call, null, takes).withCallersToken();
    }

    private static OldRoute row(
            HttpMethod method, String path, String call, @Nullable MediaType reads, Map<String, String> takes) {
        return new OldRoute(
                method, path, call, reads, takes, Answer.ALL, null, false, Cookie.UNTOUCHED, Proof.UNTOUCHED);
    }

    /** Reads a form, of either media type. */
    OldRoute asForm() {
        MediaType form = MediaType.APPLICATION_FORM_URLENCODED;
        return new OldRoute(method, path, call, form, takes, answer, message, withToken, cookie, proof);
    }

    OldRoute answering(Answer other) {
        return new OldRoute(method, path, call, reads, takes, other, message, withToken, cookie, proof);
    }

    /** Adds a sentence to the answer. */
    OldRoute saying(String sentence) {
        return new OldRoute(method, path, call, reads, takes, answer, sentence, withToken, cookie, proof);
    }

    /** Answers with a sentence alone. */
    OldRoute sayingOnly(String sentence) {
        return answering(Answer.MESSAGE).saying(sentence);
    }

    OldRoute withCallersToken() {
        return new OldRoute(method, path, call, reads, takes, answer, message, true, cookie, proof);
    }

    OldRoute keepingTheTokenInACookie() {
        return new OldRoute(method, path, call, reads, takes, answer, message, withToken, Cookie.GIVEN, proof);
    }

    OldRoute keepingTheProofInACookie() {
        return new OldRoute(method, path, call, reads, takes, answer, message, withToken, cookie, Proof.GIVEN);
    }

    OldRoute provenByTheCookie() {
        return new OldRoute(method, path, call, reads, takes, answer, message, withToken, cookie, Proof.ASKED);
    }

    OldRoute takingTheCookieAway() {
        return new OldRoute(method, path, call, reads, takes, answer, message, withToken, Cookie.TAKEN, proof);
    }
}
