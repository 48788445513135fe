package dwarf.evaluate.testbed;

import java.nio.file.Path;
import java.util.Optional;

/** What a testbed uses of the machine that it runs on; a test may put another in its place. */
record Machine(MountTable mounts, GroupFiles groups, Optional<Path> bindfs) {

  static Machine thisOne() {
    return new Machine(MountTable.ofThisProcess(), new GroupFiles(), Tool.find("bindfs"));
  }
}
