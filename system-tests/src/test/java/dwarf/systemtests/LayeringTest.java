package dwarf.systemtests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The map of the house in docs/architecture.md, as rules. */
class LayeringTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dwarf");

  @Test
  void modulesKnowOnlyTheLayersBelow() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dwarf..")
        .layer("base")
        .definedBy("dwarf.base..")
        .layer("process")
        .definedBy("dwarf.process..")
        .layer("memtable")
        .definedBy("dwarf.memtable..")
        .layer("fabric")
        .definedBy("dwarf.fabric..")
        .layer("protocol")
        .definedBy("dwarf.protocol..")
        .layer("storage")
        .definedBy("dwarf.storage..")
        .layer("jobs")
        .definedBy("dwarf.jobs..")
        .layer("wal")
        .definedBy("dwarf.wal..")
        .layer("node")
        .definedBy("dwarf.node..")
        .layer("engine")
        .definedBy("dwarf.engine..")
        .layer("bench")
        .definedBy("dwarf.bench..")
        .layer("ycsb")
        .definedBy("dwarf.ycsb..")
        .layer("evaluate")
        .definedBy("dwarf.evaluate..")
        .layer("cli")
        .definedBy("dwarf.cli..")
        .whereLayer("process")
        .mayOnlyAccessLayers("base")
        .whereLayer("memtable")
        .mayOnlyAccessLayers("base")
        .whereLayer("fabric")
        .mayOnlyAccessLayers("base")
        .whereLayer("protocol")
        .mayOnlyAccessLayers("base", "fabric")
        .whereLayer("storage")
        .mayOnlyAccessLayers("base")
        .whereLayer("jobs")
        .mayOnlyAccessLayers("base", "memtable", "storage")
        .whereLayer("wal")
        .mayOnlyAccessLayers("base")
        .whereLayer("node")
        .mayOnlyAccessLayers("base", "memtable", "fabric", "protocol", "storage", "jobs")
        .whereLayer("engine")
        .mayOnlyAccessLayers("base", "memtable", "fabric", "protocol", "storage", "jobs", "wal")
        .whereLayer("bench")
        .mayOnlyAccessLayers("base", "process", "storage", "engine")
        .whereLayer("ycsb")
        .mayOnlyAccessLayers("base", "engine", "bench")
        .whereLayer("evaluate")
        .mayOnlyAccessLayers("base", "process", "bench")
        .check(CLASSES);
  }

  @Test
  void onlyStorageAndThePeerOfTheBenchKnowRocksDb() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dwarf.storage..", "dwarf.bench.rocks..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.rocksdb..")
        .check(CLASSES);
  }

  @Test
  void onlyTheFabricKnowsNetty() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dwarf.fabric..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(CLASSES);
  }

  @Test
  void onlyTheTransportOverUcxKnowsJucx() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dwarf.fabric.ucx..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.openucx..")
        .check(CLASSES);
  }

  @Test
  void memtablesDoNoInputOutputAndStartNoThreads() {
    noClasses()
        .that()
        .resideInAPackage("dwarf.memtable..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.nio.file..", "java.nio.channels..")
        .orShould()
        .callMethod(Thread.class, "start")
        .check(CLASSES);
  }
}
