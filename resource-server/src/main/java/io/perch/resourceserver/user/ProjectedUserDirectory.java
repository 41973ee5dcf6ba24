package io.perch.resourceserver.user;

import io.perch.resourceserver.task.UserDirectory;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Looks up the names of task owners, for moderators. */
@Component
class ProjectedUserDirectory implements UserDirectory {

    private final Users users;

    ProjectedUserDirectory(Users users) {
        this.users = users;
    }

    @Override
    public Optional<String> id(String text) {
        return users.find(text).map(StoredUser::id);
    }

    @Override
    public Map<String, String> usernames(Collection<String> userIds) {
        return users.findAll(userIds).stream().collect(Collectors.toMap(StoredUser::id, StoredUser::username));
    }
}
