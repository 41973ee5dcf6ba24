package io.perch.keycloak;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.keycloak.authentication.AuthenticationProcessor;

class ArchitectureTest {

    private static final String ROOT = "io.perch.keycloak";

    /** Every feature, with the features that it may use. */
    private static final Map<String, Set<String>> FEATURES = Map.ofEntries(
            entry("authapi", Set.of("budget", "emailcode", "request", "session", "unique")),
            entry("budget", Set.of()),
            entry("emailcode", Set.of("budget", "hash", "mail", "request", "session")),
            entry("firstparty", Set.of("budget", "headless", "request")),
            entry("hash", Set.of()),
            entry("headless", Set.of("request", "session", "steps", "unique")),
            entry("mail", Set.of()),
            entry("notice", Set.of("hash", "mail", "request")),
            entry("bcrypt", Set.of()),
            entry("legacy", Set.of("bcrypt", "request")),
            entry("outbox", Set.of("legacy")),
            entry("password", Set.of()),
            entry("profile", Set.of()),
            entry("request", Set.of()),
            entry("session", Set.of()),
            entry("steps", Set.of()),
            entry("unique", Set.of()));

    private static final JavaClasses PROVIDERS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @ParameterizedTest
    @MethodSource("features")
    void aFeatureUsesNoOtherFeatureButThoseNamed(String feature) {
        String[] allowed = Stream.concat(Stream.of(feature), FEATURES.getOrDefault(feature, Set.of()).stream())
                .map(ArchitectureTest::packageOf)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(packageOf(feature))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
                .allowEmptyShould(true)
                .check(PROVIDERS);
    }

    @Test
    void everyClassLivesInAFeature() {
        classes()
                .should()
                .resideInAnyPackage(features().map(ArchitectureTest::packageOf).toArray(String[]::new))
                .check(PROVIDERS);
    }

    @Test
    void providersUseOnlyKeycloakAndWhatIsPackedWithThem() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "..",
                        "org.keycloak..",
                        "java..",
                        "org.jspecify..",
                        "org.jboss.logging..",
                        "jakarta.persistence..",
                        "jakarta.ws.rs..",
                        "com.fasterxml.jackson..",
                        "javax.crypto..",
                        "com.google.i18n.phonenumbers..",
                        "at.favre.lib.crypto.bcrypt..",
                        "org.apache.kafka..",
                        "com.mongodb..",
                        "org.bson..",
                        "javax.net.ssl..",
                        "io.micrometer.core.instrument..",
                        "io.opentelemetry.api.trace..",
                        "org.eclipse.microprofile.config..",
                        "org.eclipse.microprofile.health..")
                .check(PROVIDERS);
    }

    /** A new Keycloak may change these: in each feature that needs one, one class knows it. */
    @ParameterizedTest
    @CsvSource({
        "org.keycloak.protocol.oidc.grants.OAuth2GrantTypeBase, FlowGrant",
        "org.keycloak.protocol.oidc.endpoints.TokenEndpoint, TokenRequest",
        "org.keycloak.protocol.oidc.endpoints.LogoutEndpoint, SignIn",
        "org.keycloak.protocol.oidc.utils.OAuth2Code, nobody",
        "org.keycloak.protocol.oidc.OIDCLoginProtocol, CodeAdapter",
        "org.keycloak.protocol.oidc.endpoints.AuthorizationEndpointChecker, AuthorizationRequest",
        "org.keycloak.protocol.oidc.endpoints.request.AuthorizationEndpointRequest, AuthorizationRequest",
        "org.keycloak.protocol.oidc.utils.AcrUtils, AcrAdapter",
        "org.keycloak.authentication.authenticators.util.LoAUtil, Levels",
        "org.keycloak.authentication.authenticators.util.AcrStore, AcrAdapter",
        "org.keycloak.authentication.RequiredActionContextResult, ActionAdapter",
        "org.keycloak.services.managers.ClientSessionCode, StepLifespan",
        "org.keycloak.WebAuthnConstants, WebAuthnAssertion"
    })
    void anInternalClassOfKeycloakHasOneUser(String internal, String users) {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.(" + users + ")")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(internal)
                .check(PROVIDERS);
    }

    @Test
    void onlyTwoClassesRunFlows() {
        noClasses()
                .that()
                .doNotHaveSimpleName("FlowGrant")
                .and()
                .doNotHaveSimpleName("ProcessorAdapter")
                .should()
                .callConstructor(AuthenticationProcessor.class)
                .check(PROVIDERS);
    }

    @Test
    void onlyTheOutboxSpeaksToKafka() {
        noClasses()
                .that()
                .resideOutsideOfPackage(packageOf("outbox"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(PROVIDERS);
    }

    @Test
    void onlyTheOldDatabasesAreAskedWithMongoDbsDriver() {
        noClasses()
                .that()
                .resideOutsideOfPackage(packageOf("legacy"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.mongodb..", "org.bson..")
                .check(PROVIDERS);
    }

    @Test
    void onlyTheProfileReadsPhoneNumbers() {
        noClasses()
                .that()
                .resideOutsideOfPackage(packageOf("profile"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.i18n.phonenumbers..")
                .allowEmptyShould(true)
                .check(PROVIDERS);
    }

    @Test
    void onlyTheseFeaturesUseHttpAndJson() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        packageOf("authapi"),
                        packageOf("emailcode"),
                        packageOf("firstparty"),
                        packageOf("headless"),
                        packageOf("legacy"),
                        packageOf("outbox"),
                        packageOf("request"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.ws.rs..", "com.fasterxml.jackson..")
                .allowEmptyShould(true)
                .check(PROVIDERS);
    }

    /** Other people's extensions are compiled against it: what it uses, they need. */
    @Test
    void thePublicInterfaceForStepsUsesNothingButKeycloaksProviders() {
        classes()
                .that()
                .resideInAPackage(packageOf("steps"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        packageOf("steps"),
                        "java..",
                        "org.jspecify.annotations",
                        "org.keycloak",
                        "org.keycloak.models",
                        "org.keycloak.provider")
                .check(PROVIDERS);
    }

    static Stream<String> features() {
        return FEATURES.keySet().stream().sorted();
    }

    private static String packageOf(String feature) {
        return ROOT + "." + feature + "..";
    }
}
