package io.perch.keycloak.outbox;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/** {@code /admin/realms/{realm}/user-events}. A resync needs the role {@code manage-users}. */
public final class UserEventsAdmin {

    private final KeycloakSession session;
    private final RealmModel realm;
    private final AdminPermissionEvaluator auth;
    private final AdminEventBuilder adminEvent;

    UserEventsAdmin(
            KeycloakSession session, RealmModel realm, AdminPermissionEvaluator auth, AdminEventBuilder adminEvent) {
        this.session = session;
        this.realm = realm;
        this.auth = auth;
        this.adminEvent = adminEvent;
    }

    /** Starts to publish every user's state again, unless this runs already. Answers 202 with the progress. */
    @POST
    @Path("resync")
    @Produces(MediaType.APPLICATION_JSON)
    public Response startResync() {
        auth.users().requireManage();
        ResyncRow row = Resync.start(session, realm);
        adminEvent
                .operation(OperationType.ACTION)
                .resource("USER_EVENTS_RESYNC")
                .resourcePath("user-events", "resync")
                .success();
        return Response.accepted(shown(row)).build();
    }

    /** Answers 200 with the progress, or 404 if no resync was ever requested. */
    @GET
    @Path("resync")
    @Produces(MediaType.APPLICATION_JSON)
    public Response resync() {
        auth.users().requireManage();
        ResyncRow row = Resync.progress(session, realm).orElseThrow(() -> new NotFoundException("There was no resync"));
        return Response.ok(shown(row)).build();
    }

    /** The events that were set aside. */
    @Path("set-aside")
    public SetAsideAdmin setAside() {
        return new SetAsideAdmin(new SetAsideEvents(session, realm), auth, adminEvent);
    }

    private static Map<String, Object> shown(ResyncRow row) {
        return new EventData()
                .with("id", row.id())
                .with("status", row.isRunning() ? "running" : "done")
                .with("published", row.published())
                .with("total", row.total())
                .with("started_at", CloudEvents.time(row.startedAt()))
                .with("updated_at", CloudEvents.time(row.updatedAt()))
                .toMap();
    }
}
