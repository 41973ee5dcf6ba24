package io.perch.resourceserver;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.bind.annotation.RestController;

/** Checks the dependencies between the packages. */
@AnalyzeClasses(packagesOf = ResourceServerApplication.class, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule dependenciesGoOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("pipeline")
            .definedBy("..pipeline..")
            .layer("operation")
            .definedBy("..resourceserver.operation..")
            .layer("live")
            .definedBy("..live..")
            .layer("task")
            .definedBy("..task..")
            .layer("account")
            .definedBy("..account..")
            .layer("twitter")
            .definedBy("..twitter..")
            .layer("audit")
            .definedBy("..resourceserver.audit..")
            .layer("user")
            .definedBy("..resourceserver.user..")
            .layer("events")
            .definedBy("..resourceserver.events..")
            .layer("security")
            .definedBy("..security..")
            .layer("ratelimit")
            .definedBy("..ratelimit..")
            .layer("crypto")
            .definedBy("..crypto..")
            .layer("oldroutes")
            .definedBy("..resourceserver.oldroutes..")
            .layer("kafka")
            .definedBy("..resourceserver.kafka..")
            .layer("redis")
            .definedBy("..resourceserver.redis..")
            .layer("web")
            .definedBy("..resourceserver.web..")
            .whereLayer("pipeline")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("operation")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("live")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("audit")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("oldroutes")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("user")
            .mayOnlyBeAccessedByLayers("audit")
            .whereLayer("events")
            .mayOnlyBeAccessedByLayers("user", "security", "audit")
            .whereLayer("task")
            .mayOnlyBeAccessedByLayers("pipeline", "operation", "live", "user", "audit")
            .whereLayer("account")
            .mayOnlyBeAccessedByLayers("pipeline", "task", "user", "audit")
            .whereLayer("twitter")
            .mayOnlyBeAccessedByLayers("pipeline")
            .whereLayer("security")
            .mayOnlyBeAccessedByLayers("live", "oldroutes")
            .whereLayer("ratelimit")
            .mayOnlyBeAccessedByLayers("task", "account")
            .whereLayer("crypto")
            .mayOnlyBeAccessedByLayers("account", "task", "pipeline")
            .whereLayer("kafka")
            .mayOnlyBeAccessedByLayers("pipeline", "events")
            .whereLayer("redis")
            .mayOnlyBeAccessedByLayers("ratelimit", "security")
            .whereLayer("web")
            .mayOnlyBeAccessedByLayers(
                    "live", "operation", "user", "audit", "task", "account", "security", "ratelimit", "oldroutes");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.perch.resourceserver.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule controllersArePackagePrivate =
            classes().that().areAnnotatedWith(RestController.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule fieldsAreNotInjected = noFields().should().beAnnotatedWith(Autowired.class);

    @ArchTest
    static final ArchRule staticFieldsAreFinal =
            fields().that().areStatic().and().doNotHaveName("$VALUES").should().beFinal();

    @ArchTest
    static final ArchRule onlyPipelineEventsAndKafkaUseKafka = noClasses()
            .that()
            .resideOutsideOfPackages("..pipeline..", "..resourceserver.events..", "..resourceserver.kafka..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka..")
                    .and(not(resideInAnyPackage("org.springframework.kafka.annotation.."))));

    @ArchTest
    static final ArchRule onlyCryptoUsesTink = noClasses()
            .that()
            .resideOutsideOfPackage("..crypto..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("com.google.crypto.tink.."));
}
