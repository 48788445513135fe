'use strict';

/** What stands before any number: what was run, on what, what was emulated, what failed. */

function facts(pairs) {
  return el('dl', { class: 'facts' }, pairs.map(([name, value]) =>
    el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

function machineText(machine) {
  return [plural(machine.cpus, 'CPU'), `${formatMemory(machine.memoryBytes)} memory`, machine.os,
    machine.architecture].filter(Boolean).join(', ');
}

function jvmText(machine) {
  const flags = (machine.jvmFlags || []).join(' ');
  const heap = isNumber(machine.heapBytes) ? `heap ${formatMemory(machine.heapBytes)}` : null;
  return [machine.jvm, heap, flags].filter(Boolean).join(', ');
}

function roundsText(evaluation) {
  const spread = evaluation.rounds === 1 ? ', so no spread is known' : ', the engines in turn';
  return plural(evaluation.rounds, 'round') + spread + (evaluation.quick ? '; quick sizes' : '');
}

function heading(evaluation) {
  return el('header', {},
    el('div', { class: 'title' }, el('h1', {}, 'DwaRF-LSM evaluation'), themeButton()),
    facts([
      ['What', `${NAME.ours} (ours) against ${NAME.peer} (peer)`],
      ['When', `${formatInstant(evaluation.started)}, ${formatDuration(evaluation.seconds)}`],
      ['Revision', el('code', {}, evaluation.revision)],
      ['Rounds', roundsText(evaluation)],
      ['Machine', machineText(evaluation.machine)],
      ['JVM', words(jvmText(evaluation.machine))],
      ['Command', el('code', {}, words(evaluation.command))],
    ]));
}

function themeButton() {
  const button = el('button', { type: 'button' });
  const label = () => {
    button.textContent = currentTheme() === 'dark' ? 'Light colours' : 'Dark colours';
  };
  button.addEventListener('click', () => setTheme(currentTheme() === 'dark' ? 'light' : 'dark'));
  document.addEventListener('themechange', label);
  label();
  return button;
}

function list(title, items, none) {
  return el('div', {}, el('h3', {}, title),
    items.length > 0 ? el('ul', {}, items.map((item) => el('li', {}, item))) : el('p', {}, none));
}

function testbed({ emulated, missing, notes }) {
  return el('section', { class: 'panel' },
    el('h2', {}, 'What was emulated, and what was not'),
    el('div', { class: 'columns' },
      list('Emulated', emulated.map(({ what, how }) => [el('strong', {}, what), `: ${how}`]),
        'Nothing: all processes shared the machine as it is.'),
      list('Not emulated', missing.map(({ what, why }) => [el('strong', {}, what), `: ${why}`]),
        'Nothing that was asked for is missing.'),
      notes.length > 0 ? list('Notes', notes, '') : null));
}

function failures(evaluation) {
  if (evaluation.failures.length === 0) {
    return null;
  }
  const rows = evaluation.failures.map((failure) => el('tr', {},
    el('td', {}, failure.experiment), el('td', {}, engineName(failure.engine)),
    el('td', { class: 'number' }, formatNumber(failure.round)),
    el('td', { class: 'message' }, failure.message)));
  return el('section', { class: 'panel failures', id: 'failures' },
    el('h2', {}, `✕ ${plural(evaluation.failures.length, 'run')} failed`),
    tableBox('failures-table',
      el('tr', {}, el('th', {}, 'Experiment'), el('th', {}, 'Engine'),
        el('th', { class: 'number' }, 'Round'), el('th', {}, 'Message')),
      el('tbody', {}, rows)));
}

const READING = [
  ['Numbers', 'A number of a workload is the median of its rounds; below it stand the least and the '
    + 'most of them. The ratio is ours divided by the peer\'s: above 1 means that ours did more, '
    + 'or, of a latency, took longer. The mark beside it says which is better.'],
  ['Better, worse, within spread', 'If the ranges from least to most overlap, the rounds do not tell '
    + 'the engines apart and the row says "within spread", whatever the ratio is. Few rounds make '
    + 'short ranges: a ratio near 1 deserves doubt in any case.'],
  ['Claims', 'The paper\'s ratios were measured in its setting, which is given beside them; they are '
    + 'there to compare directions and orders of magnitude, not digits.'],
  ['Over time', 'A rate holds for one short interval. A line that falls to zero is a stall. The '
    + 'strong line is the round in the middle by throughput, a real run and not an average; memory '
    + 'is that of the same round.'],
  ['Latency', 'The scale is logarithmic: one line up is ten times as long. "max" is the longest '
    + 'single operation of a round.'],
  ['Bytes and CPU', 'These belong to a whole run, including the drain after the load, in which '
    + 'pending flushes and compactions finish; otherwise an engine could leave its work undone.'],
];

function reading() {
  return el('section', { class: 'panel', id: 'reading' }, el('h2', {}, 'How to read this page'),
    el('dl', { class: 'reading' }, READING.map(([term, text]) =>
      [el('dt', {}, term), el('dd', {}, text)])));
}
