package io.perch.keycloak.outbox;

import io.perch.keycloak.outbox.SetAsideEvents.Summary;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.admin.OperationType;
import org.keycloak.services.ErrorResponse;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/**
 * {@code /admin/realms/{realm}/user-events/set-aside}: the realm's events that Kafka refuses permanently. An event of another realm
 * is answered as one that does not exist.
 */
public final class SetAsideAdmin {

    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1000;

    private final SetAsideEvents events;
    private final AdminPermissionEvaluator auth;
    private final AdminEventBuilder adminEvent;

    SetAsideAdmin(SetAsideEvents events, AdminPermissionEvaluator auth, AdminEventBuilder adminEvent) {
        this.events = events;
        this.auth = auth;
        this.adminEvent = adminEvent;
    }

    /**
     * Answers 200 with a page of the events, the newest first, or 400 if a parameter is wrong. Needs the role {@code view-events}.
     *
     * @param first how many events to skip; null for none
     * @param max the most events in the answer, 1 to 1000; null for 100
     */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public List<Map<String, Object>> list(
            @QueryParam("first") @Nullable String first, @QueryParam("max") @Nullable String max) {
        auth.realm().requireViewEvents();
        return events
                .list(number("first", first, 0, 0, Integer.MAX_VALUE), number("max", max, DEFAULT_PAGE, 1, MAX_PAGE))
                .stream()
                .map(SetAsideAdmin::shown)
                .toList();
    }

    /**
     * Sends an event again. Answers 204, or 404 if there is no such event. If Kafka refuses it once more, it is set aside once more.
     * Needs the role {@code manage-events}.
     *
     * @param id the event's {@code id}
     */
    @POST
    @Path("{id}/replay")
    public void replay(@PathParam("id") String id) {
        auth.realm().requireManageEvents();
        SetAsideRow event = events.replay(id).orElseThrow(SetAsideAdmin::unknown);
        audit(event, OperationType.ACTION, id, "replay");
    }

    /**
     * Deletes an event, which is then never published. Answers 204, or 404 if there is no such event. Needs the role {@code
     * manage-events}.
     *
     * @param id the event's {@code id}
     */
    @DELETE
    @Path("{id}")
    public void drop(@PathParam("id") String id) {
        auth.realm().requireManageEvents();
        SetAsideRow event = events.drop(id).orElseThrow(SetAsideAdmin::unknown);
        audit(event, OperationType.DELETE, id);
    }

    private void audit(SetAsideRow event, OperationType operation, String... path) {
        @Nullable String type = event.type();
        if (type != null) {
            adminEvent.detail("event_type", type);
        }
        adminEvent
                .operation(operation)
                .resource("USER_EVENTS_SET_ASIDE")
                .resourcePath(Stream.concat(Stream.of("user-events", "set-aside"), Stream.of(path))
                        .toArray(String[]::new))
                .detail("event_key", event.key())
                .detail("reason", event.reason())
                .success();
    }

    private static NotFoundException unknown() {
        return new NotFoundException("The realm has no event with this id that was set aside");
    }

    // Read as text: for an integer parameter JAX-RS would answer 404 if the value is not a number
    private static int number(String name, @Nullable String value, int defaultValue, int min, int max) {
        if (value == null) {
            return defaultValue;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Answered below
        }
        throw ErrorResponse.error(
                "The parameter " + name + " must be a whole number from " + min + " to " + max, Status.BAD_REQUEST);
    }

    private static Map<String, Object> shown(Summary event) {
        return new EventData()
                .with("id", event.id())
                .with("type", event.type())
                .with("key", event.key())
                .with("reason", event.reason())
                .with("size", event.size())
                .with("created_at", CloudEvents.time(event.createdAt()))
                .with("set_aside_at", CloudEvents.time(event.setAsideAt()))
                .toMap();
    }
}
