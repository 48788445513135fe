'use strict';

/** Experiments that differ in one parameter: one plot of the first benchmark over it. */

/** Sweeps of a scenario: the groups in order, each with its experiments by position. */
function sweepsOf(scenario) {
  const groups = new Map();
  for (const experiment of scenario.experiments.filter((candidate) => candidate.sweep)) {
    const group = experiment.sweep.group;
    groups.set(group, [...(groups.get(group) || []), experiment]);
  }
  return [...groups.values()].map((experiments) =>
    [...experiments].sort((a, b) => a.sweep.position - b.sweep.position));
}

function sweepLine(experiments, side, colours) {
  const points = experiments.filter((experiment) => experiment.rows.length > 0 && experiment.rows[0][side])
    .map((experiment) => {
      const { median, least, most } = experiment.rows[0][side];
      return { x: experiment.sweep.position, y: median, least, most };
    });
  return {
    label: NAME[side],
    data: points,
    borderColor: colours[side],
    backgroundColor: colours[side],
    borderWidth: 2,
    pointRadius: 4,
    pointStyle: side === 'ours' ? 'circle' : 'rect',
  };
}

/** Ticks stand at the positions that were measured and nowhere else. */
function sweepAxis(experiments, colours) {
  const positions = experiments.map((experiment) => experiment.sweep.position);
  const labels = new Map(experiments.map((experiment) => [experiment.sweep.position, experiment.sweep.value]));
  const low = Math.min(...positions);
  const high = Math.max(...positions);
  const logarithmic = low > 0 && high / low >= 8;
  const margin = (high - low) / 20 || 1;
  return axis(colours, experiments[0].sweep.parameter + (logarithmic ? ' (log)' : ''), {
    type: logarithmic ? 'logarithmic' : 'linear',
    beginAtZero: false,
    min: logarithmic ? low / 1.15 : low - margin,
    max: logarithmic ? high * 1.15 : high + margin,
    afterBuildTicks: (scale) => {
      scale.ticks = [...labels.keys()].map((value) => ({ value, major: false }));
    },
    ticks: { callback: (value) => labels.get(value) },
  });
}

function sweepConfig(experiments, unit, colours) {
  const lines = SIDES.map((side) => sweepLine(experiments, side, colours));
  const most = Math.max(0, ...lines.flatMap((line) => line.data.map((point) => point.most)));
  return {
    type: 'line',
    data: { datasets: lines },
    options: {
      parsing: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: sweepAxis(experiments, colours),
        y: axis(colours, unit === 'ops/s' ? 'operations per second' : unit, { suggestedMax: most }),
      },
      plugins: {
        tooltip: tooltip(unit, (item) => item.parsed.y, {
          title: (items) => sweepTitle(experiments, items[0].parsed.x),
        }),
      },
    },
    plugins: [whiskers()],
  };
}

function sweepTitle(experiments, position) {
  const { parameter, value } = experiments.find((e) => e.sweep.position === position).sweep;
  return `${parameter}: ${value}`;
}

function sweepFigure(experiments) {
  const row = experiments.flatMap((experiment) => experiment.rows)[0];
  const measured = experiments.some((e) => e.rows.length > 0 && SIDES.some((side) => e.rows[0][side]));
  if (!measured) {
    return absent(`No plot over ${experiments[0].sweep.parameter}: no run got that far.`);
  }
  return figure({
    title: `${row.benchmark} over ${experiments[0].sweep.parameter}`,
    unit: `${row.unit}, median; the vertical lines are the spread of the rounds`,
    legend: enginesLegend(),
    height: 'tall',
    configOf: (colours) => sweepConfig(experiments, row.unit, colours),
  });
}
