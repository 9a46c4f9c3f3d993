package dev.sluice;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.sluice.seam.Seam;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The shape of the library as three literal lists: which package may import which, which types are
/// promised to users, and (by [Seam]) which are public only for another package of ours.
class ArchitectureTest {
  private static final String LEAVES = "json config progress parquet seam ";
  private static final String WORDS = "schema table " + LEAVES;
  private static final String ENGINE = "pipe " + WORDS;
  private static final String NOUNS = "resource store http " + ENGINE;
  private static final String STAGES = "extract normalize load " + NOUNS;

  /// What a package may import of ours, besides itself. A new edge needs an argument.
  private static final Map<String, Set<String>> EDGES =
      edges(
          "seam:",
          "json: seam",
          "config: seam",
          "progress: seam",
          "parquet: seam",
          "schema: " + LEAVES,
          "table: " + LEAVES,
          "pipe: " + WORDS,
          "resource: " + ENGINE,
          "store: " + ENGINE,
          "http: " + ENGINE,
          "extract: " + NOUNS,
          "normalize: " + NOUNS,
          "load: " + NOUNS,
          "inspect: " + STAGES,
          "sources: " + STAGES,
          "facade: inspect sources " + STAGES,
          "junit: facade inspect sources " + STAGES,
          "notebook: facade inspect sources " + STAGES,
          "s3: facade inspect sources " + STAGES);

  /// Everything a script may name. A type that is not here is package-private or a seam.
  private static final Map<String, Set<String>> API =
      edges(
          "facade: Sluice Pipeline PipelineException",
          "config: Config Secret",
          "json: Json",
          "progress: Progress",
          "schema: Schema TableSchema ColumnSchema DataType WriteDisposition SchemaContract"
              + " NamingConvention LoadFileFormat State",
          "pipe: Deferred Out Rows Items Pages Generator From Fn Cursor",
          "resource: Resource Transformer Source Incremental",
          "http: Http RestClient Paginator Auth",
          "extract: ExtractInfo",
          "normalize: NormalizeInfo",
          "load: LoadInfo LoadPlan Destination",
          "inspect: LoadPackage Job Dataset PipelineTrace Chart",
          "sources: RestApi SqlDatabase Filesystem",
          "s3: S3",
          "junit: SluiceTest");

  private static final JavaClasses LIBRARY =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sluice");

  @Test
  void packagesImportOnlyWhatStandsBelowThem() {
    var forbidden =
        LIBRARY.stream()
            .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
            .filter(dependency -> isOurs(dependency.getTargetClass()))
            .filter(dependency -> {
              var from = packageOf(dependency.getOriginClass());
              var to = packageOf(dependency.getTargetClass());
              return !from.equals(to) && !EDGES.getOrDefault(from, Set.of()).contains(to);
            })
            .map(dependency -> dependency.getDescription())
            .toList();
    assertThat(forbidden).isEmpty();
  }

  @Test
  void everyPackageHasAPlaceInTheDrawing() {
    assertThat(EDGES.keySet())
        .containsAll(LIBRARY.stream().map(ArchitectureTest::packageOf).collect(Collectors.toSet()));
  }

  @Test
  void packagesHaveNoCycle() {
    SlicesRuleDefinition.slices()
        .matching("dev.sluice.(*)..")
        .should()
        .beFreeOfCycles()
        .check(LIBRARY);
  }

  @Test
  void publicTypesAreOnTheListOrSeams() {
    var unlisted =
        topLevelPublic()
            .filter(type -> !isSeam(type) && !isApi(type))
            .map(JavaClass::getName)
            .toList();
    assertThat(unlisted).as("neither in the API list nor @Seam").isEmpty();
  }

  @Test
  void theApiHasAtMostFiftyTypesAndNoneIsASeam() {
    assertThat(API.values().stream().mapToInt(Set::size).sum()).isLessThanOrEqualTo(50);
    assertThat(topLevelPublic().filter(type -> isApi(type) && isSeam(type))).isEmpty();
  }

  @Test
  void noSignatureOfTheApiNamesASeam() {
    var leaks =
        LIBRARY.stream()
            .filter(ArchitectureTest::isPromised)
            .flatMap(type -> type.getMembers().stream())
            .filter(ArchitectureTest::isVisible)
            .filter(member -> !member.isAnnotatedWith(Seam.class))
            .flatMap(member ->
                named(member)
                    .filter(ArchitectureTest::isSeam)
                    .map(seam -> member.getFullName() + " names " + seam.getSimpleName()))
            .distinct()
            .toList();
    assertThat(leaks).isEmpty();
  }

  @Test
  void filesAreReachedThroughPath() {
    ArchRuleDefinition.noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(File.class)
        .orShould()
        .callMethod(Path.class, "toFile")
        .because("tests put a file system that loses power beneath the library")
        .check(LIBRARY);
  }

  @Test
  void faultsOfFilesAreSaidInOnePlace() {
    var said =
        LIBRARY.stream()
            .filter(type -> !Set.of("seam", "http").contains(packageOf(type)))
            .flatMap(type -> type.getMethodCallsFromSelf().stream())
            .filter(call -> Set.of("getMessage", "toString").contains(call.getName()))
            .filter(call -> call.getTargetOwner().isAssignableTo(IOException.class))
            .filter(call -> !call.getTargetOwner().isEquivalentTo(ZipException.class))
            .map(call -> call.getDescription())
            .toList();
    assertThat(said).as("IoFault.said(..) says the kind, which a message often is not").isEmpty();
  }

  @Test
  void duckDbIsOpenedThroughOneDoor() {
    ArchRuleDefinition.noClasses()
        .that(
            DescribedPredicate.describe(
                "are not the doors",
                (JavaClass type) ->
                    !Set.of("DuckDb", "JdbcAddress").contains(type.getSimpleName())))
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "a connection is opened",
                (JavaMethodCall call) ->
                    call.getTargetOwner().isEquivalentTo(DriverManager.class)
                        && call.getName().equals("getConnection")))
        .because("a library that cannot be loaded is said there")
        .check(LIBRARY);
  }

  @Test
  void onlyRecordsAndExceptionsHavePublicConstructors() {
    ArchRuleDefinition.constructors()
        .that()
        .areDeclaredInClassesThat(
            DescribedPredicate.describe(
                "are public and neither records nor exceptions",
                (JavaClass type) ->
                    type.getModifiers().contains(JavaModifier.PUBLIC)
                        && !type.isRecord()
                        && !type.isAssignableTo(Throwable.class)))
        .should()
        .notBePublic()
        .allowEmptyShould(true)
        .check(LIBRARY);
  }

  @Test
  void staticFieldsAreFinal() {
    ArchRuleDefinition.fields().that().areStatic().should().beFinal().check(LIBRARY);
  }

  @Test
  void namesSayWhatATypeIsFor() {
    var vague = List.of("Util", "Utils", "Common", "Helper", "Helpers", "Manager", "Impl");
    var found =
        LIBRARY.stream()
            .map(JavaClass::getSimpleName)
            .filter(name -> vague.stream().anyMatch(name::endsWith) || name.startsWith("Abstract"))
            .toList();
    assertThat(found).isEmpty();
  }

  @Test
  void nothingIsNullUnlessItSaysSo() {
    var unmarked =
        LIBRARY.stream()
            .map(JavaClass::getPackage)
            .filter(folder -> !folder.isAnnotatedWith(NullMarked.class))
            .map(folder -> folder.getName())
            .collect(toCollection(TreeSet::new));
    assertThat(unmarked).isEmpty();
  }

  private static Stream<JavaClass> topLevelPublic() {
    return LIBRARY.stream()
        .filter(JavaClass::isTopLevelClass)
        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .filter(type -> !type.isEquivalentTo(Seam.class))
        .filter(type -> !type.getSimpleName().equals("package-info"));
  }

  /// Whether the type is of the API, or a public type nested in one.
  private static boolean isPromised(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(ArchitectureTest::isPromised).orElseGet(() -> isApi(type));
  }

  private static boolean isApi(JavaClass type) {
    return API.getOrDefault(packageOf(type), Set.of()).contains(type.getSimpleName());
  }

  private static boolean isSeam(JavaClass type) {
    return type.isAnnotatedWith(Seam.class)
        || type.getEnclosingClass().map(ArchitectureTest::isSeam).orElse(false);
  }

  private static boolean isVisible(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaClass> named(JavaMember member) {
    if (!(member instanceof JavaCodeUnit code)) {
      return member.getAllInvolvedRawTypes().stream();
    }
    var returned =
        code instanceof JavaConstructor
            ? Stream.<JavaClass>empty()
            : code.getReturnType().getAllInvolvedRawTypes().stream();
    return Stream.concat(
        returned,
        code.getParameterTypes().stream().flatMap(type -> type.getAllInvolvedRawTypes().stream()));
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().equals("dev.sluice")
        || type.getPackageName().startsWith("dev.sluice.");
  }

  private static String packageOf(JavaClass type) {
    var name = type.getPackageName();
    return name.equals("dev.sluice") ? "facade" : name.substring("dev.sluice.".length());
  }

  private static Map<String, Set<String>> edges(String... rows) {
    return Arrays.stream(rows)
        .map(row -> row.split(":", -1))
        .collect(
            Collectors.toMap(
                parts -> parts[0],
                parts ->
                    Arrays.stream(parts[1].trim().split(" +"))
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet())));
  }
}
