'use strict';

/** What a set of rounds says: medians of single numbers, and the round that stands for all. */

function medianOf(values) {
  const sorted = values.filter(isNumber).sort((a, b) => a - b);
  if (sorted.length === 0) {
    return undefined;
  }
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function trialsOf(experiment, side) {
  return experiment.trials.filter((trial) => trial.engine === ENGINE[side]);
}

/** The median over a side's rounds of what `pick` takes from a trial; undefined if none has it. */
function medianOver(experiment, side, pick) {
  return medianOf(trialsOf(experiment, side).map(pick));
}

/** One benchmark's part of every round of a side, in the order of the rounds. */
function runsOf(experiment, side, benchmark) {
  return trialsOf(experiment, side).flatMap((trial) =>
    trial.benchmarks.filter((run) => run.benchmark === benchmark)
      .map((run) => ({ ...run, round: trial.round })));
}

function meanThroughput(run) {
  const { endSeconds, opsPerSecond } = run.throughput;
  let begin = 0;
  let operations = 0;
  endSeconds.forEach((end, interval) => {
    operations += opsPerSecond[interval] * (end - begin);
    begin = end;
  });
  return begin > 0 ? operations / begin : 0;
}

/**
 * The round in the middle by throughput. A curve of medians would show a stall only where most
 * rounds stall at the same instant, that is nowhere; so a real round is shown.
 */
function medianRun(runs) {
  const measured = runs.filter((run) => run.throughput.endSeconds.length > 0)
    .sort((a, b) => meanThroughput(a) - meanThroughput(b));
  return measured[(measured.length - 1) >> 1];
}

/** All keys that occur in any of the objects, in the order they come up. */
function keysOf(objects) {
  return [...new Set(objects.flatMap((object) => Object.keys(object || {})))];
}
