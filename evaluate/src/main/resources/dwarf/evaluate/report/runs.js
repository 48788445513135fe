'use strict';

/** What an experiment ran: its nodes, its commands, and every single run in the order made. */

function quota(value, unit) {
  return isNumber(value) ? withUnit(value, unit) : 'no quota';
}

function nodesTable(nodes) {
  const rows = nodes.map((node) => el('tr', {},
    el('th', { scope: 'row' }, node.name), el('td', {}, node.role),
    el('td', { class: 'number' }, quota(node.cores, node.cores === 1 ? 'core' : 'cores')),
    el('td', { class: 'number' }, quota(node.storageBytesPerSecond / MEBIBYTE, 'MiB/s'))));
  return tableBox('nodes',
    el('tr', {}, el('th', {}, 'Node'), el('th', {}, 'Role'), el('th', { class: 'number' }, 'CPU'),
      el('th', { class: 'number' }, 'Storage')),
    el('tbody', {}, rows));
}

function commandsDetails(commands) {
  return details('Commands', SIDES.map((side) => {
    const lines = commands[ENGINE[side]] || [];
    return [el('h5', {}, NAME[side]),
      lines.length > 0 ? el('pre', {}, lines.map((line) => [words(line), '\n'])) : absent('No command was recorded.')];
  }));
}

function storageText(storage) {
  return Object.entries(storage || {}).map(([node, { written, read }]) =>
    `${node}: ${formatMebibytes(written)} written, ${formatMebibytes(read)} read`).join('; ');
}

function benchmarksText(benchmarks) {
  return benchmarks.map(({ benchmark, seconds, longestStallSeconds }) =>
    `${benchmark} ${withUnit(seconds, 's')}, longest stall ${withUnit(longestStallSeconds, 's')}`)
    .join('; ');
}

function runsDetails(trials) {
  const head = el('tr', {}, el('th', {}, 'Engine'), ['Round', 'Run', 'Drain', 'Write amplification']
    .map((title) => el('th', { class: 'number' }, title)),
  el('th', {}, 'Benchmarks'), el('th', {}, 'Storage paths, as counted there'));
  const rows = trials.map((trial) => el('tr', {},
    el('th', { scope: 'row' }, engineName(trial.engine)),
    [formatNumber(trial.round), withUnit(trial.seconds, 's'), withUnit(trial.drainSeconds, 's'),
      formatNumber(trial.writeAmplification)].map((text) => el('td', { class: 'number' }, text)),
    el('td', {}, benchmarksText(trial.benchmarks)),
    el('td', {}, storageText(trial.storage) || 'not counted')));
  return details(`All ${plural(trials.length, 'run')}`, tableBox('runs', head, el('tbody', {}, rows)));
}
