'use strict';

/** The table of all results: one row a benchmark, failed ones too. */

/** Whether the rounds tell the engines apart: only if their ranges do not touch. */
function verdict(row) {
  if (!row.ours || !row.peer) {
    return { name: 'failed', symbol: '✕', text: 'no ratio' };
  }
  const doubt = Math.min(row.ours.values.length, row.peer.values.length) > 1 ? '' : ', one round';
  const above = row.ours.least > row.peer.most;
  const below = row.ours.most < row.peer.least;
  if (!above && !below) {
    return { name: 'even', symbol: '≈', text: 'within spread' };
  }
  return above === (row.better !== 'lower')
    ? { name: 'better', symbol: '▲', text: 'better' + doubt }
    : { name: 'worse', symbol: '▼', text: 'worse' + doubt };
}

function resultCell(result, unit) {
  if (!result) {
    return el('td', { class: 'number' }, el('a', { class: 'verdict failed', href: '#failures' }, '✕ failed'));
  }
  const spread = result.values.length > 1
    ? `${formatNumber(result.least)} to ${formatNumber(result.most)}` : 'one round';
  return el('td', { class: 'number' }, withUnit(result.median, unit), el('small', {}, spread));
}

function ratioCell(row) {
  const { name, symbol, text } = verdict(row);
  return el('td', { class: 'number verdict ' + name },
    isNumber(row.ratio) ? formatRatio(row.ratio) : 'n/a', el('small', {}, `${symbol} ${text}`));
}

function claimCell(claim) {
  return claim
    ? el('td', { class: 'claim' }, claim.text, el('small', {}, claim.setting))
    : el('td', { class: 'claim none' }, 'none');
}

function summaryRow(scenario, experiment, row) {
  return el('tr', { 'data-benchmark': row.benchmark },
    el('th', { scope: 'row' },
      el('a', { href: '#' + anchor('experiment', scenario.id, experiment.id) }, experiment.title),
      el('small', {}, row.benchmark)),
    resultCell(row.ours, row.unit), resultCell(row.peer, row.unit), ratioCell(row),
    claimCell(row.claim));
}

/** An experiment without any row has failed altogether; it keeps its line. */
function experimentRows(scenario, experiment) {
  const rows = experiment.rows.length > 0
    ? experiment.rows : [{ benchmark: 'no benchmark finished', unit: '' }];
  return rows.map((row) => summaryRow(scenario, experiment, row));
}

function summary(evaluation) {
  const titles = ['Workload', `${NAME.ours} (ours)`, `${NAME.peer} (peer)`, 'Ratio'];
  const bodies = evaluation.scenarios.map((scenario) => el('tbody', {},
    el('tr', { class: 'group' }, el('th', { colspan: 5, scope: 'colgroup' },
      el('a', { href: '#' + anchor('scenario', scenario.id) }, scenario.title))),
    scenario.experiments.map((experiment) => experimentRows(scenario, experiment))));
  const head = headRow(titles, 1);
  head.append(el('th', { scope: 'col' }, 'Paper\'s claim and its setting'));
  return el('section', { class: 'panel', id: 'results' }, el('h2', {}, 'Results'),
    el('p', { class: 'note' }, 'Median of the rounds, below it least to most. ',
      el('a', { href: '#reading' }, 'How to read this page')),
    bodies.length > 0 ? tableBox('summary', head, bodies) : absent('No experiment was run.'));
}
