package dwarf.engine.dm;

import dwarf.base.StepListener;
import dwarf.engine.commit.Health;
import dwarf.engine.commit.Progress;
import dwarf.engine.stats.Statistics;

/** What every background part tells and listens to. */
public record Signals(
    Progress progress, Health health, Statistics statistics, StepListener steps) {}
