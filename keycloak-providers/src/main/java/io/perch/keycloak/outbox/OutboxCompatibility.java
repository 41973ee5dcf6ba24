package io.perch.keycloak.outbox;

import java.util.Map;
import org.keycloak.compatibility.CompatibilityMetadataProvider;

/**
 * Tells {@code kc.sh update-compatibility} which rows this version writes. Nodes that write different ones do not run side by
 * side: the older would set aside what the newer has written.
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
