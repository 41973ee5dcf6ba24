package io.perch.resourceserver.audit;

import io.perch.resourceserver.acts.ActLog;
import io.perch.resourceserver.user.UserErased;
import java.util.Collection;
import java.util.List;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Stores what users and moderators did to tasks and accounts, for the packages that own these. What the pipeline does to a task
 * is not an act; it is in the task's history.
 */
@Component
class AuditedActs implements ActLog {

    private final AuditStore store;

    AuditedActs(AuditStore store) {
        this.store = store;
    }

    @Override
    public void write(Collection<Entry> acts) {
        store.write(acts.stream().map(AuditedActs::line).toList());
    }

    /** No request waits for this. If it fails, the erasure is repeated. */
    @EventListener
    void onErasure(UserErased erased) {
        store.write(List.of(AuditLine.of(AuditAction.USER_ERASED)
                .id("erased:" + erased.userId())
                .at(erased.at())
                .user(erased.userId())
                .detail("accounts", Long.toString(erased.counts().accounts()))
                .detail("tasks", Long.toString(erased.counts().tasks()))
                .build()));
        store.erasePerson(erased.userId());
    }

    private static AuditLine line(Entry entry) {
        return AuditLine.of(AuditAction.of(entry.act().kind()))
                .id(entry.act().id())
                .at(entry.act().at())
                .actor(entry.act().actorId())
                .client(entry.act().clientId())
                .session(entry.act().sessionId())
                .ipAddress(entry.act().ipAddress())
                .user(entry.userId())
                .task(entry.taskId())
                .twitterAccount(entry.accountId())
                .build();
    }
}
