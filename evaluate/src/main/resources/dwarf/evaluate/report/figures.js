'use strict';

/**
 * A figure is title, legend, notes, canvas, in this order, so that canvases side by side end at the
 * same line whatever stands above them. Legends are HTML: they wrap, can be selected, and take
 * their colours from the scheme without being drawn again.
 */
function figure({ title, unit, legend, notes, height, configOf }) {
  const canvas = el('canvas', { role: 'img', 'aria-label': title });
  const box = el('div', { class: 'canvas-box ' + height }, canvas);
  drawLater(canvas, configOf);
  return el('figure', {},
    el('figcaption', {}, el('strong', {}, title), unit ? el('span', {}, unit) : null),
    legend ? el('ul', { class: 'legend' }, legend) : null,
    (notes || []).map((note) => el('p', { class: 'note' }, note)),
    box);
}

function legendItem(name, background, shape) {
  const swatch = el('span', { class: 'swatch ' + (shape || '') });
  swatch.style.background = background;
  return el('li', {}, swatch, name);
}

/** The two engines, strong; the legend of most figures. */
function enginesLegend() {
  return SIDES.map((side) => legendItem(NAME[side], cssTint(side, 0, 1)));
}

function absent(text) {
  return el('p', { class: 'absent' }, text);
}

/**
 * Figures in one row, of equal width; what is not a figure (a line that says what is missing) goes
 * below the row.
 */
function figureRow(parts, className) {
  const figures = parts.filter((part) => part.tagName === 'FIGURE');
  const rest = parts.filter((part) => part.tagName !== 'FIGURE');
  const row = el('div', { class: `figures of-${Math.min(figures.length, 3)} ${className || ''}` },
    figures);
  return figures.length > 0 ? [row, rest] : rest;
}
