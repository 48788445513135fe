'use strict';

/**
 * All elements of the page are made here. Strings become text nodes and nothing else, so that no
 * text of the evaluation is ever read as markup.
 */
function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== undefined && value !== null) {
      element.setAttribute(name, value);
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null) {
      element.append(child);
    }
  }
  return element;
}

/** A table in a box of its own, which scrolls if the page is too narrow for it. */
function tableBox(className, head, bodies) {
  return el('div', { class: 'table-box', tabindex: 0 },
    el('table', { class: className }, el('thead', {}, head), bodies));
}

function headRow(titles, numericFrom) {
  return el('tr', {}, titles.map((title, column) =>
    el('th', { scope: 'col', class: column >= numericFrom ? 'number' : null }, title)));
}

function details(summary, ...children) {
  return el('details', {}, el('summary', {}, summary), children);
}

/** Words that are broken only if one alone is longer than its line: "--flag" stays in one piece. */
function words(text) {
  return String(text).split(' ').flatMap((word) => [el('span', { class: 'word' }, word), ' ']);
}

/** An id is put into the page's addresses; anything odd in it becomes a dash. */
function anchor(...parts) {
  return parts.join('-').replace(/[^A-Za-z0-9-]+/g, '-');
}
