package org.usermem.itests.layout;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.module.ModuleDescriptor;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.usermem.itests.BuiltModules;

/** Rules on the class files of all modules together. */
class ArchitectureTest {

  private static JavaClasses everything;

  @BeforeAll
  static void readTheJars() {
    everything =
        new ClassFileImporter().importUrls(modules().stream().map(ArchitectureTest::url).toList());
  }

  static List<String> modules() {
    return BuiltModules.NAMES;
  }

  @ParameterizedTest
  @MethodSource("modules")
  void thePackagesOfAModuleHaveNoCycle(String name) {
    slices()
        .matching("org.usermem.(**)")
        .should()
        .beFreeOfCycles()
        .check(new ClassFileImporter().importUrls(List.of(url(name))));
  }

  @Test
  void nobodyNamesAPackageThatIsNotExportedToIt() {
    classes().should(nameOnlyWhatIsExportedToThem()).check(everything);
  }

  @Test
  void everyPackageSaysWhatMayBeNull() {
    Set<String> silent = new TreeSet<>();
    for (JavaClass javaClass : everything) {
      if (!javaClass.getPackageName().isEmpty()
          && !javaClass.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
        silent.add(javaClass.getPackageName());
      }
    }
    assertEquals(Set.of(), silent, "packages without @NullMarked in package-info.java");
  }

  @Test
  void onlyThePlatformCallsTheHost() {
    noClasses()
        .that(resideOutsideOfPackage("org.usermem.platform.."))
        .should()
        .dependOnClassesThat(nameMatching("java\\.lang\\.foreign\\.(Linker|SymbolLookup)"))
        .orShould()
        .callMethodWhere(target("java\\.lang\\.foreign\\.MemorySegment", "reinterpret"))
        .orShould()
        .callMethodWhere(target("java\\.lang\\.(System|Runtime)", "load|loadLibrary"))
        .because("the JVM gives native access to org.usermem.platform only")
        .check(everything);
  }

  @Test
  void nobodyUsesUnsafeOrInternalsOfTheJdk() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAPackage("sun.."))
        .orShould()
        .dependOnClassesThat(resideInAPackage("jdk.internal.."))
        .check(everything);
  }

  @Test
  void nobodyBreaksEncapsulationByReflection() {
    noClasses()
        .should()
        .callMethodWhere(target(".*", "setAccessible|trySetAccessible|privateLookupIn"))
        .check(everything);
  }

  @Test
  void staticFieldsAreFinal() {
    fields()
        .that()
        .areStatic()
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .beFinal()
        .because("a JVM holds many sentries, which share nothing that changes")
        .check(everything);
  }

  private static URL url(String module) {
    try {
      return URI.create("jar:" + BuiltModules.jar(module).toUri() + "!/").toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }

  private static DescribedPredicate<JavaMethodCall> target(String owner, String method) {
    Pattern ownerPattern = Pattern.compile(owner);
    Pattern methodPattern = Pattern.compile(method);
    return DescribedPredicate.describe(
        "target is a method " + method + " of " + owner,
        call ->
            ownerPattern.matcher(call.getTargetOwner().getName()).matches()
                && methodPattern.matcher(call.getName()).matches());
  }

  private static ArchCondition<JavaClass> nameOnlyWhatIsExportedToThem() {
    Map<String, String> moduleOfPackage = new HashMap<>();
    for (String module : modules()) {
      for (String packageName : BuiltModules.descriptor(module).packages()) {
        moduleOfPackage.put(packageName, module);
      }
    }
    return new ArchCondition<>("name only what is exported to them") {
      @Override
      public void check(JavaClass origin, ConditionEvents events) {
        String from = moduleOfPackage.get(origin.getPackageName());
        for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
          String packageName = dependency.getTargetClass().getBaseComponentType().getPackageName();
          String to = moduleOfPackage.get(packageName);
          if (to != null && !to.equals(from) && !isExported(packageName, to, from)) {
            events.add(SimpleConditionEvent.violated(origin, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static boolean isExported(String packageName, String module, String reader) {
    for (ModuleDescriptor.Exports export : BuiltModules.descriptor(module).exports()) {
      if (export.source().equals(packageName)) {
        return !export.isQualified() || export.targets().contains(reader);
      }
    }
    return false;
  }
}
