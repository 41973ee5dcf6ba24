package io.perch.systemtests.client;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The mails in Mailpit, read with its HTTP API, version 1.
 *
 * @param uri the base URL of Mailpit, without a trailing slash
 */
record Mailpit(URI uri) implements SentMails {

    @Override
    public List<String> to(String address) {
        var query = URLEncoder.encode("to:\"" + address + "\"", StandardCharsets.UTF_8);
        var texts = new ArrayList<String>();
        // Newest first
        get("/api/v1/search?query=" + query)
                .json()
                .path("messages")
                .forEach(message ->
                        texts.add(get("/api/v1/message/" + message.path("ID").asString())
                                .json()
                                .path("Text")
                                .asString()));
        Collections.reverse(texts);
        return texts;
    }

    private Answer get(String path) {
        var answer = new Http().get(URI.create(uri + path), Map.of());
        if (answer.status() != 200) {
            throw new AssertionError(path + ": " + answer);
        }
        return answer;
    }
}
