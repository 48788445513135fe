package dwarf.engine;

import dwarf.engine.dm.Disaggregation;
import dwarf.engine.dm.Signals;
import dwarf.engine.read.DmBatchReader;
import dwarf.engine.read.DmReader;
import dwarf.engine.read.FetchBack;
import dwarf.engine.read.MultiReader;
import dwarf.engine.read.PointReader;
import dwarf.engine.read.ReadCostModel;
import dwarf.engine.read.ScanCostModel;
import dwarf.engine.read.Scanner;
import dwarf.engine.stats.Statistics;
import dwarf.engine.view.Views;

/** The ways to read, which share one cost model. */
record Readers(PointReader points, MultiReader many, Scanner scanner) {

  /**
   * Builds them.
   *
   * @param dm null if there is no disaggregated memory
   */
  static Readers of(Views views, Disaggregation dm, Options options, Signals signals) {
    Statistics statistics = signals.statistics();
    ReadCostModel costs = new ReadCostModel();
    statistics.gauge("reads.one-sided.nanos", costs::oneSidedNanos);
    statistics.gauge("reads.delegated.nanos", costs::delegatedNanos);
    ScanCostModel scans = new ScanCostModel();
    statistics.gauge("scans.one-sided.nanos", scans::oneSidedNanos);
    statistics.gauge("scans.delegated.nanos", scans::delegatedNanos);
    DmReader single = null;
    DmBatchReader batches = null;
    if (dm != null) {
      FetchBack fetchBack =
          new FetchBack(dm.node(), dm.background(), statistics, options.readCacheBytes());
      single = new DmReader(dm.node(), costs, fetchBack, statistics);
      batches = new DmBatchReader(dm.node(), single, costs, fetchBack, statistics);
    }
    PointReader points =
        new PointReader(
            views,
            single,
            statistics,
            new PointReader.Patience(signals.health(), options.readTimeout().toNanos()));
    return new Readers(
        points,
        new MultiReader(views, points, batches, statistics),
        new Scanner(dm == null ? null : dm.node(), new Scanner.Costs(costs, scans), statistics));
  }
}
