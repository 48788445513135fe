'use strict';

/** Plots over the seconds of one benchmark: operations per second, and memory by place. */

/** A rate holds for its whole interval, so the line is stepped and begins at zero seconds. */
function rateLine(run) {
  const { endSeconds, opsPerSecond } = run.throughput;
  const points = endSeconds.map((x, interval) => ({ x, y: opsPerSecond[interval] }));
  return [{ x: 0, y: opsPerSecond[0] }, ...points];
}

function throughputLines(experiment, benchmark, side, colours) {
  const runs = runsOf(experiment, side, benchmark).filter((run) => run.throughput.endSeconds.length > 0);
  const middle = medianRun(runs);
  return runs.map((run) => ({
    label: NAME[side],
    data: rateLine(run),
    strong: run === middle,
    order: run === middle ? 0 : 1,
    stepped: 'after',
    pointRadius: 0,
    borderWidth: run === middle ? 1.75 : 1,
    borderColor: run === middle ? colours[side] : colours[side + 'Weak'],
  }));
}

function throughputConfig(experiment, benchmark, colours) {
  return {
    type: 'line',
    data: { datasets: SIDES.flatMap((side) => throughputLines(experiment, benchmark, side, colours)) },
    options: {
      parsing: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: axis(colours, 'seconds', { type: 'linear' }),
        y: axis(colours, 'operations per second'),
      },
      plugins: {
        decimation: { enabled: true, algorithm: 'min-max' },
        tooltip: {
          filter: (item) => item.dataset.strong,
          ...tooltip('ops/s', (item) => item.parsed.y, {
            title: (items) => items.length > 0 ? `until ${formatNumber(items[0].parsed.x)} s` : '',
          }),
        },
      },
    },
  };
}

function stallNote(experiment, benchmark) {
  const parts = SIDES.map((side) => {
    const stall = medianOf(runsOf(experiment, side, benchmark).map((run) => run.longestStallSeconds));
    return `${NAME[side]} ${withUnit(stall, 's')}`;
  });
  return `Longest stall, median of the rounds: ${parts.join(', ')}.`;
}

function throughputFigure(experiment, benchmark) {
  const measured = SIDES.some((side) => medianRun(runsOf(experiment, side, benchmark)));
  if (!measured) {
    return absent('No throughput over time: no run got that far.');
  }
  return figure({
    title: 'Throughput over time',
    unit: 'operations per second',
    legend: [enginesLegend(),
      el('li', { class: 'note' }, 'strong: the median round; faint: the other rounds')],
    notes: [stallNote(experiment, benchmark)],
    height: 'tall',
    configOf: (colours) => throughputConfig(experiment, benchmark, colours),
  });
}

const PROCESS = 'process';

function memoryOf(experiment, benchmark, side) {
  const run = medianRun(runsOf(experiment, side, benchmark));
  return run && run.memory && run.memory.endSeconds.length > 0 ? run.memory : undefined;
}

function placesOf(memory) {
  return Object.keys(memory.series).filter((place) => place !== PROCESS);
}

/** The most that either the stack of places or the process reaches. */
function memoryPeak(memory) {
  const places = placesOf(memory);
  const stack = memory.endSeconds.map((_, at) =>
    places.reduce((sum, place) => sum + (memory.series[place][at] || 0), 0));
  return Math.max(0, ...stack, ...(memory.series[PROCESS] || []));
}

function memoryPoints(memory, place) {
  return memory.endSeconds.map((x, at) => ({ x, y: (memory.series[place][at] || 0) / MEBIBYTE }));
}

function memoryAreas(memory, { side, places }, colours) {
  return placesOf(memory).map((place, index) => ({
    label: place,
    data: memoryPoints(memory, place),
    stack: 'places',
    fill: index === 0 ? 'origin' : '-1',
    order: 1,
    pointRadius: 0,
    borderWidth: 1,
    borderColor: colours.panel,
    backgroundColor: tint(colours, side, places.indexOf(place), places.length),
  }));
}

/** Resident memory is a line of its own: it holds the places here, but not those in DM. */
function processLine(memory, colours) {
  return PROCESS in memory.series ? [{
    label: 'process, resident',
    data: memoryPoints(memory, PROCESS),
    stack: PROCESS,
    order: 0,
    pointRadius: 0,
    borderWidth: 1.75,
    borderDash: [5, 3],
    borderColor: colours.text,
  }] : [];
}

function memoryConfig(memory, shared, colours) {
  return {
    type: 'line',
    data: { datasets: [...memoryAreas(memory, shared, colours), ...processLine(memory, colours)] },
    options: {
      parsing: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: axis(colours, 'seconds', { type: 'linear', suggestedMax: shared.seconds }),
        y: axis(colours, 'MiB', { stacked: true, suggestedMax: shared.mebibytes }),
      },
      plugins: {
        tooltip: tooltip('MiB', (item) => item.parsed.y, {
          title: (items) => `at ${formatNumber(items[0].parsed.x)} s`,
        }),
      },
    },
  };
}

function memoryLegend(memory, { side, places }) {
  const items = placesOf(memory).map((place) =>
    legendItem(place, cssTint(side, places.indexOf(place), places.length)));
  return PROCESS in memory.series
    ? [...items, legendItem('process, resident', 'var(--text)', 'dash')] : items;
}

/** Both sides share scales and tints, or they could not be compared by eye. */
function memoryFigures(experiment, benchmark) {
  const memories = SIDES.map((side) => memoryOf(experiment, benchmark, side));
  const present = memories.filter((memory) => memory !== undefined);
  const shared = {
    places: [...new Set(present.flatMap(placesOf))],
    seconds: Math.max(0, ...present.map((memory) => memory.endSeconds[memory.endSeconds.length - 1])),
    mebibytes: Math.max(0, ...present.map(memoryPeak)) / MEBIBYTE,
  };
  return SIDES.map((side, at) => memories[at] === undefined
    ? absent(`No memory over time of ${NAME[side]}: nothing was recorded.`)
    : figure({
      title: `Memory by place, ${NAME[side]}`,
      unit: 'MiB, median round',
      legend: memoryLegend(memories[at], { ...shared, side }),
      height: 'medium',
      configOf: (colours) => memoryConfig(memories[at], { ...shared, side }, colours),
    }));
}
