package io.perch.keycloak.emailcode;

import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Requester;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.keycloak.common.ClientConnection;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.testframework.remote.runonserver.RunOnServerClient;

/** Calls the public interface inside the running server, in a realm, and returns the names of results. */
final class CodesInAServer {

    private final RunOnServerClient server;
    private final String realm;

    CodesInAServer(RunOnServerClient server, String realm) {
        this.server = server;
        this.realm = realm;
    }

    String send(String username, Purpose purpose) {
        return send(username, purpose, Requester.ACCOUNT_HOLDER);
    }

    String send(String username, Purpose purpose, Requester requester) {
        String realmName = realm;
        return server.fetchString(session -> session.getProvider(EmailCodes.class)
                        .send(enter(session, realmName), user(session, realmName, username), purpose, requester, null)
                        .outcome()
                        .name())
                .replace("\"", "");
    }

    /** Sends a code for an unauthenticated request from another network address. */
    String sendFrom(String address, String username, Purpose purpose) {
        String realmName = realm;
        return server.fetchString(session -> {
                    session.getContext().setConnection(connectionFrom(address));
                    return session.getProvider(EmailCodes.class)
                            .send(
                                    enter(session, realmName),
                                    user(session, realmName, username),
                                    purpose,
                                    Requester.ANONYMOUS,
                                    null)
                            .outcome()
                            .name();
                })
                .replace("\"", "");
    }

    private static ClientConnection connectionFrom(String address) {
        return (ClientConnection) Proxy.newProxyInstance(
                CodesInAServer.class.getClassLoader(),
                new Class<?>[] {ClientConnection.class},
                (proxy, method, arguments) -> method.getReturnType() == int.class ? (Object) 0 : address);
    }

    void sendLater(String mailbox, Purpose purpose) {
        String realmName = realm;
        server.run(session -> session.getProvider(EmailCodes.class)
                .sendLater(enter(session, realmName), purpose, Requester.ANONYMOUS, mailbox));
    }

    String redeem(String username, Purpose purpose, String code) {
        String realmName = realm;
        return server.fetchString(session -> session.getProvider(EmailCodes.class)
                        .redeem(enter(session, realmName), user(session, realmName, username), purpose, null, code)
                        .name())
                .replace("\"", "");
    }

    String check(String username, Purpose purpose, String code) {
        String realmName = realm;
        return server.fetchString(session -> session.getProvider(EmailCodes.class)
                        .check(enter(session, realmName), user(session, realmName, username), purpose, code)
                        .name())
                .replace("\"", "");
    }

    /** Verifies the address by a code, while another request gives the user a new address. The user is in Keycloak's cache. */
    String verifyWhileTheAddressChanges(String username, String code, String address) {
        String realmName = realm;
        server.run(session -> user(session, realmName, username));
        return server.fetchString(session -> {
                    RealmModel entered = enter(session, realmName);
                    UserModel user = user(session, realmName, username);
                    changeAddress(session.getKeycloakSessionFactory(), realmName, username, address);
                    EmailCodes codes = session.getProvider(EmailCodes.class);
                    return ProvenAddress.redeem(codes, entered, user, Purpose.VERIFY_EMAIL, code)
                            .name();
                })
                .replace("\"", "");
    }

    private static void changeAddress(
            KeycloakSessionFactory sessions, String realmName, String username, String address) {
        KeycloakModelUtils.runJobInTransaction(sessions, session -> {
            enter(session, realmName);
            user(session, realmName, username).setEmail(address);
        });
    }

    List<String> redeemAtOnce(String username, Purpose purpose, String code, int times) {
        String realmName = realm;
        return List.of(server.fetch(
                session -> all(session.getKeycloakSessionFactory(), realmName, username, purpose, code, times),
                String[].class));
    }

    List<String> rows() {
        return List.of(server.fetch(CodesInAServer::storedRows, String[].class));
    }

    private static List<String> storedRows(KeycloakSession session) {
        List<?> rows = session.getProvider(JpaConnectionProvider.class)
                .getEntityManager()
                .createNativeQuery(
                        "select concat(ID, ' ', HASH, ' ', ISSUE_ID) from PERCH_EMAIL_CODE where ID not like 'decoy%'")
                .getResultList();
        return rows.stream().map(String::valueOf).toList();
    }

    private static List<String> all(
            KeycloakSessionFactory sessions,
            String realmName,
            String username,
            Purpose purpose,
            String code,
            int times) {
        ExecutorService threads = Executors.newFixedThreadPool(times);
        try {
            var guesses = IntStream.range(0, times)
                    .mapToObj(i -> threads.submit(() -> KeycloakModelUtils.runJobInTransactionWithResult(
                                    sessions, session -> session.getProvider(EmailCodes.class)
                                            .redeem(
                                                    enter(session, realmName),
                                                    user(session, realmName, username),
                                                    purpose,
                                                    null,
                                                    code))
                            .name()))
                    .toList();
            threads.shutdown();
            if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Guesses hang");
            }
            List<String> verdicts = new ArrayList<>();
            for (Future<String> guess : guesses) {
                verdicts.add(guess.get());
            }
            return verdicts;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RealmModel enter(KeycloakSession session, String realmName) {
        RealmModel realm = session.realms().getRealmByName(realmName);
        session.getContext().setRealm(realm);
        return realm;
    }

    private static UserModel user(KeycloakSession session, String realmName, String username) {
        return session.users().getUserByUsername(session.realms().getRealmByName(realmName), username);
    }
}
