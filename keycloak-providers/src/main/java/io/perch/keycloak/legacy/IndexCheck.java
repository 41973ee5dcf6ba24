package io.perch.keycloak.legacy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Warns in the log of indexes that the old database lacks. Keycloak can only accept or refuse a federation, and shows no
 * warnings. A missing index is no reason to refuse, because a small table needs none. Thread-safe.
 */
final class IndexCheck {

    private static final Logger LOG = Logger.getLogger(IndexCheck.class);

    /** The missing indexes of the last check, by the text of the settings. One node remembers those that it has checked. */
    private final Map<String, List<MissingIndex>> known = new ConcurrentHashMap<>();

    /** Checks the columns of lookups, and warns of every missing index. Ends within seconds, and never fails. */
    void warn(Settings settings, LegacyDatabase database) {
        known.remove(settings.toString());
        warnOfNew(settings, database);
    }

    /**
     * Checks the columns of lookups, and warns of the indexes that were not missing at the last check. A federation may synchronize each
     * minute. Ends within seconds, and never fails.
     */
    void warnOfNew(Settings settings, LegacyDatabase database) {
        try {
            for (MissingIndex index : newlyMissing(settings, database)) {
                LOG.warnf(
                        "legacy_index_missing database=%s column=%s remedy=%s",
                        settings, index.column(), index.remedy());
            }
        } catch (RuntimeException e) {
            LOG.infof("legacy_index_unknown database=%s reason=%s", settings, e.getMessage());
        }
    }

    /**
     * The indexes that are missing now and were not at the last check.
     *
     * @throws LegacyDatabaseException if the database does not answer in time, or does not say it
     */
    List<MissingIndex> newlyMissing(Settings settings, LegacyDatabase database) {
        List<MissingIndex> missing = database.missingIndexes();
        List<MissingIndex> before = known.put(settings.toString(), missing);
        return before == null
                ? missing
                : missing.stream().filter(index -> !before.contains(index)).toList();
    }
}
