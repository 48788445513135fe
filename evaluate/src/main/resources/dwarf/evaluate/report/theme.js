'use strict';

/**
 * The scheme is an attribute of the root element, and every colour is a CSS variable below it, so
 * that text, legends and canvases cannot disagree. This script runs in the head: no flash of the
 * wrong scheme while the rest loads.
 */
const pageParameters = new URLSearchParams(location.search);
const darkPreferred = matchMedia('(prefers-color-scheme: dark)');

function currentTheme() {
  return document.documentElement.dataset.theme;
}

function setTheme(theme) {
  if (theme !== currentTheme()) {
    document.documentElement.dataset.theme = theme;
    document.dispatchEvent(new CustomEvent('themechange'));
  }
}

function preferredTheme() {
  const asked = pageParameters.get('theme');
  return asked === 'dark' || asked === 'light' ? asked : darkPreferred.matches ? 'dark' : 'light';
}

setTheme(preferredTheme());
darkPreferred.addEventListener('change', () => setTheme(preferredTheme()));

/** The colours of the current scheme, for canvases, which cannot use CSS variables. */
function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue('--' + name).trim();
  return {
    text: colour('text'),
    muted: colour('muted'),
    line: colour('line'),
    panel: colour('panel'),
    ours: colour('ours'),
    oursWeak: colour('ours-weak'),
    peer: colour('peer'),
    peerWeak: colour('peer-weak'),
  };
}

/** The colour that lies `part` of the way from one #rrggbb to another. */
function mix(from, to, part) {
  const channel = (at) => {
    const a = parseInt(from.slice(at, at + 2), 16);
    const b = parseInt(to.slice(at, at + 2), 16);
    return Math.round(a + (b - a) * part);
  };
  return `rgb(${channel(1)}, ${channel(3)}, ${channel(5)})`;
}

/** Where the i-th of n tints lies between an engine's strong and weak colour. */
function tintPart(index, count) {
  return count < 2 ? 0 : index / (count - 1);
}

/** The i-th of n tints of an engine's hue, as a canvas colour. */
function tint(colours, side, index, count) {
  return mix(colours[side], colours[side + 'Weak'], tintPart(index, count));
}

/** The same tint as a CSS colour, which follows the scheme by itself. */
function cssTint(side, index, count) {
  const part = 100 * tintPart(index, count);
  return `color-mix(in srgb, var(--${side}-weak) ${part}%, var(--${side}))`;
}
