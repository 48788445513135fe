'use strict';

/** Scenarios and their experiments: what was run, then its plots. */

function benchmarkLine(row) {
  const side = (name) => `${NAME[name]} ${row[name] ? withUnit(row[name].median, row.unit) : 'failed'}`;
  const { name, symbol, text } = verdict(row);
  const ratio = isNumber(row.ratio) ? `${formatRatio(row.ratio)} ` : '';
  return el('p', { class: 'result' }, `${side('ours')}, ${side('peer')}, `,
    el('span', { class: 'verdict ' + name }, `${ratio}${symbol} ${text}`));
}

/** One latency plot fits beside the throughput; more go into a row of their own. */
function benchmarkPlots(experiment, row) {
  const throughput = throughputFigure(experiment, row.benchmark);
  const latencies = latencyFigures(row);
  const upper = latencies.length === 1
    ? figureRow([throughput, ...latencies], 'wide-first')
    : [figureRow([throughput]), figureRow(latencies)];
  return el('div', { class: 'benchmark' }, el('h4', {}, el('code', {}, row.benchmark)), benchmarkLine(row), upper,
    figureRow(memoryFigures(experiment, row.benchmark)));
}

function wholeRunPlots(experiment) {
  if (experiment.trials.length === 0) {
    return absent('No run finished, so there is nothing to plot.');
  }
  return [el('div', { class: 'benchmark' }, el('h4', {}, 'The whole run, with the drain after the load'),
    figureRow([bytesFigure(experiment), amplificationFigure(experiment), cpuFigure(experiment)])),
  runsDetails(experiment.trials)];
}

function experimentSection(scenario, experiment) {
  return el('section', { class: 'experiment panel', id: anchor('experiment', scenario.id, experiment.id) },
    el('h3', {}, experiment.title), el('p', {}, experiment.about),
    experiment.nodes.length > 0 ? nodesTable(experiment.nodes) : null,
    commandsDetails(experiment.commands || {}),
    experiment.rows.filter((row) => row.latency).map((row) => benchmarkPlots(experiment, row)),
    wholeRunPlots(experiment));
}

function sweepSection(scenario, experiments) {
  return [el('div', { class: 'panel' }, figureRow([sweepFigure(experiments)]),
    details(`The ${plural(experiments.length, 'experiment')} of this sweep one by one`,
      experiments.map((experiment) => experimentSection(scenario, experiment))))];
}

function scenarioSection(scenario) {
  return el('section', { class: 'scenario', id: anchor('scenario', scenario.id) },
    el('h2', {}, scenario.title), el('p', { class: 'about' }, scenario.about),
    sweepsOf(scenario).map((experiments) => sweepSection(scenario, experiments)),
    scenario.experiments.filter((experiment) => !experiment.sweep)
      .map((experiment) => experimentSection(scenario, experiment)));
}
