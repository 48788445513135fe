'use strict';

/** Plots of single numbers as bars: latency, bytes by path, write amplification, CPU by node. */

const PERCENTILES = ['p50', 'p95', 'p99', 'p99.9', 'max'];
const PATHS = ['user', 'log', 'flush', 'compaction', 'shipped to DM', 'read from DM'];

function engineBars(colours, valuesOf) {
  return SIDES.map((side) => ({
    label: NAME[side],
    data: valuesOf(side).map((value) => (isNumber(value) ? value : null)),
    backgroundColor: colours[side],
    maxBarThickness: 34,
  }));
}

/** Bars lying down, so that names and values have room beside them, on a telephone too. */
function lyingBars(colours, { labels, datasets, scale, format, unit, stacked }) {
  return {
    type: 'bar',
    data: { labels, datasets },
    options: {
      indexAxis: 'y',
      layout: { padding: { right: 60 } },
      scales: { x: { ...scale, stacked }, y: { ...nameAxis(colours), stacked } },
      plugins: { tooltip: tooltip(unit, (item) => item.raw) },
    },
    plugins: [barLabels(colours, format)],
  };
}

function countAxis(colours, title) {
  return axis(colours, title, { ticks: { maxTicksLimit: 6 } });
}

function latencyConfig(latency, operation, colours) {
  const valuesOf = (side) => PERCENTILES.map((name) => ((latency[side] || {})[operation] || {})[name]);
  return lyingBars(colours, {
    labels: PERCENTILES,
    datasets: engineBars(colours, valuesOf),
    scale: logAxis(colours, 'microseconds (log)', SIDES.flatMap(valuesOf).filter(isNumber)),
    unit: 'µs',
    format: formatNumber,
  });
}

function latencyFigures(row) {
  const latency = row.latency || {};
  const operations = keysOf(SIDES.map((side) => latency[side]))
    .filter((operation) => SIDES.some((side) =>
      PERCENTILES.some((name) => ((latency[side] || {})[operation] || {})[name] > 0)));
  if (operations.length === 0) {
    return [absent('No latencies: none were measured.')];
  }
  return operations.map((operation) => figure({
    title: `Latency of ${operation}`,
    unit: 'microseconds, median of the rounds',
    legend: enginesLegend(),
    height: 'tall',
    configOf: (colours) => latencyConfig(latency, operation, colours),
  }));
}

function bytesFigure(experiment) {
  const recorded = keysOf(experiment.trials.map((trial) => trial.bytes));
  const paths = [...PATHS.filter((path) => recorded.includes(path)),
    ...recorded.filter((path) => !PATHS.includes(path))];
  if (paths.length === 0) {
    return absent('No bytes by path: none were counted.');
  }
  const mebibytesOf = (side) => paths.map((path) =>
    medianOver(experiment, side, (trial) => (trial.bytes || {})[path]) / MEBIBYTE);
  return figure({
    title: 'Bytes by path',
    unit: 'MiB, median of the rounds',
    legend: enginesLegend(),
    height: 'tall',
    configOf: (colours) => lyingBars(colours, {
      labels: paths, datasets: engineBars(colours, mebibytesOf), scale: countAxis(colours, 'MiB'), unit: 'MiB',
      format: formatNumber,
    }),
  });
}

/** One bar an engine: the names of the engines are the axis, each bar has its engine's colour. */
function amplificationFigure(experiment) {
  const values = SIDES.map((side) =>
    medianOver(experiment, side, (trial) => trial.writeAmplification));
  if (!values.some(isNumber)) {
    return absent('No write amplification: nothing was written, or it was not counted.');
  }
  const drains = SIDES.map((side) =>
    `${NAME[side]} ${withUnit(medianOver(experiment, side, (trial) => trial.drainSeconds), 's')}`);
  return figure({
    title: 'Write amplification',
    unit: 'median of the rounds',
    notes: [`Drain after the load: ${drains.join(', ')}.`],
    height: 'tall',
    configOf: (colours) => lyingBars(colours, {
      labels: SIDES.map((side) => NAME[side]),
      datasets: [{
        label: 'write amplification',
        data: values.map((value) => (isNumber(value) ? value : null)),
        backgroundColor: SIDES.map((side) => colours[side]),
        maxBarThickness: 40,
      }],
      scale: countAxis(colours, 'bytes written per byte of the user'), unit: 'bytes per byte', format: formatNumber,
    }),
  });
}

/** Stacked by node; the total stands at the end of the bar, each part in its tooltip. */
function cpuConfig(nodes, secondsOf, colours) {
  const totals = SIDES.map((side) =>
    nodes.reduce((sum, node) => sum + (secondsOf(side, node) || 0), 0));
  const datasets = nodes.map((node, index) => ({
    label: node,
    data: SIDES.map((side) => secondsOf(side, node) || 0),
    backgroundColor: SIDES.map((side) => tint(colours, side, index, nodes.length)),
    borderColor: colours.panel,
    borderWidth: { right: 1 },
    maxBarThickness: 40,
  }));
  return lyingBars(colours, {
    labels: SIDES.map((side) => NAME[side]), datasets, scale: countAxis(colours, 'seconds of CPU'),
    unit: 's of CPU',
    stacked: true,
    format: (value, side, node) => (node === nodes.length - 1 ? formatNumber(totals[side]) : ''),
  });
}

function cpuFigure(experiment) {
  const nodes = keysOf(experiment.trials.map((trial) => trial.cpuSeconds));
  if (nodes.length === 0) {
    return absent('No CPU by node: it was not counted.');
  }
  const secondsOf = (side, node) =>
    medianOver(experiment, side, (trial) => (trial.cpuSeconds || {})[node]);
  const halves = (index) => SIDES.map((side, half) =>
    `${cssTint(side, index, nodes.length)} ${50 * half}% ${50 * half + 50}%`).join(', ');
  return figure({
    title: 'CPU by node',
    unit: 'seconds, median of the rounds',
    legend: nodes.map((node, index) =>
      legendItem(node, `linear-gradient(90deg, ${halves(index)})`, 'wide')),
    height: 'tall',
    configOf: (colours) => cpuConfig(nodes, secondsOf, colours),
  });
}
