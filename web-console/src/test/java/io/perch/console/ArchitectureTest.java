package io.perch.console;

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
@AnalyzeClasses(packagesOf = ConsoleApplication.class, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule dependenciesGoOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("signin")
            .definedBy("..console.signin..")
            .layer("forward")
            .definedBy("..console.forward..")
            .layer("page")
            .definedBy("..console.page..")
            .layer("session")
            .definedBy("..console.session..")
            .layer("store")
            .definedBy("..console.store..")
            .layer("web")
            .definedBy("..console.web..")
            .whereLayer("signin")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("forward")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("page")
            .mayOnlyBeAccessedByLayers("signin")
            .whereLayer("session")
            .mayOnlyBeAccessedByLayers("signin", "forward")
            .whereLayer("store")
            .mayOnlyBeAccessedByLayers("session")
            .whereLayer("web")
            .mayOnlyBeAccessedByLayers("signin", "forward", "session", "store");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.perch.console.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule controllersArePackagePrivate =
            classes().that().areAnnotatedWith(RestController.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule fieldsAreNotInjected = noFields().should().beAnnotatedWith(Autowired.class);

    @ArchTest
    static final ArchRule staticFieldsAreFinal =
            fields().that().areStatic().and().doNotHaveName("$VALUES").should().beFinal();

    @ArchTest
    static final ArchRule onlyTheStoreUsesRedis = noClasses()
            .that()
            .resideOutsideOfPackage("..console.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.data.redis..", "io.lettuce..");

    @ArchTest
    static final ArchRule onlyForwardUsesTheGateway = noClasses()
            .that()
            .resideOutsideOfPackage("..console.forward..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.cloud.gateway..");
}
