package dwarf.cli.command;

import dwarf.base.ByteSize;
import dwarf.base.DwarfException;
import dwarf.base.Keys;
import dwarf.cli.text.Bar;
import dwarf.memtable.ShardIndex;
import dwarf.memtable.ShardReader;
import dwarf.storage.FlushMarker;
import dwarf.storage.SstDescription;
import dwarf.storage.SstStore;
import dwarf.wal.SegmentDescription;
import dwarf.wal.owner.DatabaseDescription;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at files and tells, one line each; goes on behind damage, and counts it. */
final class Inspection {

  private final Consumer<String> out;
  private int damaged;

  Inspection(Consumer<String> out) {
    this.out = out;
  }

  /** Files that could not be believed. */
  int damaged() {
    return damaged;
  }

  void inspect(Path path) {
    if (!Files.isDirectory(path)) {
      file(path);
    } else if (DatabaseDescription.isDatabase(path)) {
      database(path);
    } else {
      files(path).forEach(this::file);
    }
  }

  private void database(Path path) {
    DatabaseDescription database = DatabaseDescription.of(path);
    out.accept(
        "database %s, incarnation %d".formatted(database.database(), database.incarnation()));
    out.accept(
        "owner: epoch %d, %s, %s (%s)"
            .formatted(database.epoch(), database.state(), database.owner(), database.liveness()));
    section("column families and SST files", database.rocksDirectory());
    if (SstStore.existsDatabase(database.rocksDirectory())) {
      out.accept("  families: " + families(database.rocksDirectory()));
      files(database.rocksDirectory()).stream().filter(Inspection::isSst).forEach(this::file);
    }
    for (Path wal : database.walDirectories()) {
      section("log", wal);
      files(wal).forEach(this::file);
    }
    for (Path stage : database.stageDirectories()) {
      section("staged for install", stage);
      files(stage).forEach(this::file);
    }
  }

  private void section(String title, Path directory) {
    out.accept(title + " in " + directory);
  }

  private static String families(Path rocks) {
    return SstStore.listFamilies(rocks).stream()
        .map(name -> new String(name, StandardCharsets.UTF_8))
        .collect(Collectors.joining(", "));
  }

  private void file(Path file) {
    try {
      out.accept("  " + file.getFileName() + ": " + describe(file));
    } catch (DwarfException e) {
      damaged++;
      out.accept("  " + file.getFileName() + ": DAMAGED: " + e.getMessage());
    }
  }

  private String describe(Path file) {
    if (SegmentDescription.isSegment(file)) {
      return segment(SegmentDescription.of(file));
    }
    if (isSst(file)) {
      return sst(SstDescription.of(file));
    }
    return file.toString().endsWith(".shard") ? shard(file) : size(file) + ", not looked into";
  }

  private static boolean isSst(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".sst") || name.endsWith(".dsst");
  }

  private static String segment(SegmentDescription segment) {
    long torn = segment.bytes() - segment.validBytes();
    String sequences =
        segment.frames() == 0
            ? "empty"
            : "sequences %d to %d"
                .formatted(segment.previousSequence() + 1, segment.lastSequence());
    return "log segment of epoch %d, %s in %s groups, synced through %d, %s%s"
        .formatted(
            segment.epoch(),
            sequences,
            Bar.count(segment.frames()),
            segment.durableThrough(),
            ByteSize.show(segment.bytes()),
            torn == 0
                ? ""
                : ", of which " + ByteSize.show(torn) + " at the end are no whole group");
  }

  private static String sst(SstDescription sst) {
    if (sst.marker().isPresent()) {
      FlushMarker marker = sst.marker().get();
      return "flush marker of family %d: flushed through %d (job %d of epoch %d, %d files)"
          .formatted(
              marker.family(),
              marker.flushedThrough(),
              marker.job(),
              marker.epoch(),
              marker.files());
    }
    return "%s entries (%s deletions), %s of %s, keys %s .. %s"
        .formatted(
            Bar.count(sst.entries()),
            Bar.count(sst.deletions()),
            ByteSize.show(sst.bytes()),
            ByteSize.show(sst.rawBytes()),
            Keys.show(MemorySegment.ofArray(sst.smallest())),
            Keys.show(MemorySegment.ofArray(sst.largest())));
  }

  private static String shard(Path file) {
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofConfined()) {
      MemorySegment image = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      ShardIndex.verify(image);
      ShardIndex index = ShardIndex.load(ShardReader.over(image), image.byteSize());
      return "shard %d of %d of memtable %d, %s entries, sequences %d to %d, %s"
          .formatted(
              index.shard(),
              index.shardCount(),
              index.identity().memtableId(),
              Bar.count(index.entries()),
              index.smallestSequence(),
              index.largestSequence(),
              ByteSize.show(index.imageBytes()));
    } catch (IOException e) {
      throw DwarfException.io("cannot read " + file + ": " + e, e);
    }
  }

  private static String size(Path file) {
    try {
      return ByteSize.show(Files.size(file));
    } catch (IOException e) {
      throw DwarfException.io("cannot read " + file + ": " + e, e);
    }
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw DwarfException.io("cannot list " + directory + ": " + e, e);
    }
  }
}
