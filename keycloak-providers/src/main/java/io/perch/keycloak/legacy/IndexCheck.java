package io.perch.keycloak.legacy;

import org.jboss.logging.Logger;

/**
 * Warns in the log of indexes that the old database lacks. Keycloak can only accept or refuse a federation, and shows no
 * warnings. A missing index is no reason to refuse, because a small table needs none.
 */
final class IndexCheck {

    private static final Logger LOG = Logger.getLogger(IndexCheck.class);

    private IndexCheck() {}

    /** Checks the columns of lookups. Ends within seconds, and never fails. */
    static void warn(Settings settings, LegacyDatabase database) {
        try {
            for (MissingIndex index : database.missingIndexes()) {
                LOG.warnf(
                        "legacy_index_missing database=%s column=%s remedy=%s",
                        settings, index.column(), index.remedy());
            }
        } catch (RuntimeException e) {
            LOG.infof("legacy_index_unknown database=%s reason=%s", settings, e.getMessage());
        }
    }
}
