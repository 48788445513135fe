package dwarf.cli.demo;

import dwarf.base.ByteSize;
import dwarf.cli.text.Bar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The result in words. */
final class DemoSummary {

  private DemoSummary() {}

  static List<String> lines(DemoReport report, double seconds) {
    long used = report.total("offload.bytes.used");
    long shipped = report.total("offload.bytes.shipped");
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        "Result, after %s: %s entries, %s verified, %s lost"
            .formatted(
                Bar.seconds(seconds),
                Bar.count(report.entriesNumber()),
                Bar.count(report.verified()),
                Bar.count(report.lost())));
    lines.add(
        "  Memory lent:   %s memtables moved to the memory node, %s freed here; %s sent for %s used"
                .formatted(
                    Bar.count(report.total("offload.memtables")),
                    ByteSize.show(report.total("memory.local.freed.bytes")),
                    ByteSize.show(shipped),
                    ByteSize.show(used))
            + String.format(Locale.ROOT, " (%.2f x)", used == 0 ? 0 : (double) shipped / used));
    lines.add(
        "  Work lent:     %s flush tasks ran on workers, %s on the engine itself"
            .formatted(
                Bar.count(report.total("flush.tasks.remote")),
                Bar.count(report.total("flush.tasks.local"))));
    lines.add(
        "  Remote reads:  %s delegated to the memory node's CPU, %s one-sided without it"
            .formatted(
                Bar.count(report.total("reads.delegated")),
                Bar.count(report.total("reads.one-sided"))));
    lines.add(
        "  Crashes:       engine open again after %d ms; %s memtables of the dead memory node rebuilt"
            .formatted(report.recoveryMillis(), Bar.count(report.total("rebuild.memtables"))));
    return lines;
  }
}
