package io.perch.keycloak.outbox;

import java.util.Map;
import org.keycloak.compatibility.CompatibilityMetadataProvider;

/**
 * Gives {@code kc.sh update-compatibility} the row format of this version. Nodes with different formats must not run at the same
 * time: the older node would set aside the rows of the newer one.
 */
public final class OutboxCompatibility implements CompatibilityMetadataProvider {

    @Override
    public String getId() {
        return "perch-outbox";
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of("row-format", Integer.toString(RowFormat.CURRENT));
    }
}
