package io.perch.resourceserver.account;

import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.acts.ActLog;
import java.util.List;
import java.util.Objects;
import org.bson.Document;

/**
 * The acts of an account that are not in the audit log yet.
 *
 * @param key the account's ID as it is stored
 * @param userId the owner
 * @param acts the acts; empty if there are none
 */
record AccountActs(Object key, String userId, List<Act> acts) {

    static AccountActs read(Document document) {
        return new AccountActs(
                Objects.requireNonNull(document.get("_id")),
                String.valueOf(document.get("user_id")),
                Act.read(document.getList("acts", Document.class)));
    }

    List<ActLog.Entry> entries() {
        return acts.stream()
                .map(act -> new ActLog.Entry(act, userId, null, String.valueOf(key)))
                .toList();
    }
}
