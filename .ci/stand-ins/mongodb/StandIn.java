import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.bson.BinData;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.wire.message.ClientRequest;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import io.netty.channel.Channel;
import io.perch.localstack.mongo.EmbeddedMongo;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The local stack's database with one user, who authenticates with SCRAM-SHA-256 (RFC 5802, RFC 7677). Before that, a client may send
 * only the commands that it needs for the authentication.
 */
class StandIn {

    private static final Set<String> OPEN =
            Set.of("hello", "isMaster", "ismaster", "ping", "buildInfo", "buildinfo", "endSessions");
    private static final int ITERATIONS = 15_000;
    private static final int UNAUTHORIZED = 13;
    private static final int AUTHENTICATION_FAILED = 18;

    private final MongoBackend database;
    private final String user;
    private final char[] password;
    private final Map<Channel, Exchange> exchanges = new ConcurrentHashMap<>();
    private final Set<Channel> signedIn = ConcurrentHashMap.newKeySet();

    StandIn(MongoBackend database, String user, String password) {
        this.database = database;
        this.user = user;
        this.password = password.toCharArray();
    }

    public static void main(String[] arguments) throws Exception {
        StandIn standIn = new StandIn(
                EmbeddedMongo.open(Path.of("/data/db/perch.mv")),
                System.getenv("MONGO_INITDB_ROOT_USERNAME"),
                System.getenv("MONGO_INITDB_ROOT_PASSWORD"));
        MongoServer server = new MongoServer((MongoBackend) Proxy.newProxyInstance(
                StandIn.class.getClassLoader(), new Class<?>[] {MongoBackend.class}, standIn::call));
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        server.bind(new InetSocketAddress(27017), 1, 32);
    }

    private Object call(Object proxy, Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "handleMessage" -> {
                MongoMessage message = (MongoMessage) arguments[0];
                String command = message.getDocument().keySet().iterator().next();
                Document answer = answer(message.getChannel(), command, message.getDocument());
                if (answer != null) {
                    return answer;
                }
            }
            case "handleCommand" -> {
                Document answer = answer((Channel) arguments[0], (String) arguments[2], (Document) arguments[3]);
                if (answer != null) {
                    return answer;
                }
            }
            case "handleQuery" -> demandSignIn(((ClientRequest) arguments[0]).getChannel());
            case "handleClose" -> {
                exchanges.remove(arguments[0]);
                signedIn.remove(arguments[0]);
            }
            default -> {}
        }
        try {
            Object result = method.invoke(database, arguments);
            if (result instanceof Document document && document.containsKey("maxWireVersion")) {
                document.put("saslSupportedMechs", List.of("SCRAM-SHA-256"));
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Returns null if the database itself must answer. */
    private Document answer(Channel channel, String command, Document message) throws GeneralSecurityException {
        if (command.equals("saslStart")) {
            if (!"SCRAM-SHA-256".equals(message.get("mechanism"))) {
                throw new MongoServerError(AUTHENTICATION_FAILED, "AuthenticationFailed", "Unknown mechanism");
            }
            Exchange exchange = new Exchange(text(message));
            exchanges.put(channel, exchange);
            return reply(exchange.challenge(), false);
        }
        if (command.equals("saslContinue")) {
            Exchange exchange = exchanges.remove(channel);
            if (exchange == null) {
                throw new MongoServerError(AUTHENTICATION_FAILED, "AuthenticationFailed", "No exchange");
            }
            String proof = exchange.finish(text(message));
            signedIn.add(channel);
            return reply(proof, true);
        }
        if (!OPEN.contains(command)) {
            demandSignIn(channel);
        }
        return null;
    }

    private void demandSignIn(Channel channel) {
        if (!signedIn.contains(channel)) {
            throw new MongoServerError(UNAUTHORIZED, "Unauthorized", "Command requires authentication");
        }
    }

    private static String text(Document message) {
        return new String(((BinData) message.get("payload")).getData(), StandardCharsets.UTF_8);
    }

    private static Document reply(String payload, boolean done) {
        return new Document("conversationId", 1)
                .append("done", done)
                .append("payload", new BinData(payload.getBytes(StandardCharsets.UTF_8)))
                .append("ok", 1.0);
    }

    /** The server's part of one authentication. */
    private final class Exchange {

        private final byte[] salt = new byte[16];
        private final String clientFirst;
        private final String serverFirst;

        Exchange(String message) {
            byte[] nonce = new byte[18];
            SecureRandom random = new SecureRandom();
            random.nextBytes(salt);
            random.nextBytes(nonce);
            clientFirst = message.substring("n,,".length());
            serverFirst = "r=" + attribute(clientFirst, "r") + base64(nonce) + ",s=" + base64(salt) + ",i=" + ITERATIONS;
        }

        String challenge() {
            return serverFirst;
        }

        String finish(String clientFinal) throws GeneralSecurityException {
            String withoutProof = clientFinal.substring(0, clientFinal.lastIndexOf(",p="));
            String signed = clientFirst + "," + serverFirst + "," + withoutProof;
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password, salt, ITERATIONS, 256))
                    .getEncoded();
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] signature = hmac(MessageDigest.getInstance("SHA-256").digest(clientKey), signed);
            byte[] proof = Base64.getDecoder().decode(attribute(clientFinal, "p"));
            for (int i = 0; i < proof.length; i++) {
                proof[i] ^= signature[i];
            }
            boolean right = user.equals(attribute(clientFirst, "n"))
                    && attribute(serverFirst, "r").equals(attribute(clientFinal, "r"))
                    && MessageDigest.isEqual(proof, clientKey);
            if (!right) {
                throw new MongoServerError(AUTHENTICATION_FAILED, "AuthenticationFailed", "Authentication failed");
            }
            return "v=" + base64(hmac(hmac(salted, "Server Key"), signed));
        }

        private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        }

        private static String base64(byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }

        private static String attribute(String message, String name) {
            for (String part : message.split(",")) {
                if (part.startsWith(name + "=")) {
                    return part.substring(2);
                }
            }
            return "";
        }
    }
}
