'use strict';

const MEBIBYTE = 1048576;
const SIDES = ['ours', 'peer'];
const ENGINE = { ours: 'dwarf', peer: 'rocksdb' };
const NAME = { ours: 'DwaRF-LSM', peer: 'RocksDB' };

function engineName(engine) {
  const side = SIDES.find((candidate) => ENGINE[candidate] === engine);
  return side ? NAME[side] : engine;
}

function isNumber(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

/** About three significant digits below 100, whole numbers with separators above. */
function formatNumber(value) {
  if (!isNumber(value)) {
    return 'n/a';
  }
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** A power of ten, short enough for an axis: 0.1, 10, 1k, 100k, 1M. */
function formatPower(value) {
  return value.toLocaleString('en-US', { notation: 'compact' }).replace('K', 'k');
}

/** A number and its unit are one word: no line break between them. */
function withUnit(value, unit) {
  return isNumber(value) ? `${formatNumber(value)}\u00a0${unit}` : 'n/a';
}

function formatMebibytes(bytes) {
  return withUnit(bytes / MEBIBYTE, 'MiB');
}

function formatMemory(bytes) {
  return bytes >= 1024 * MEBIBYTE
    ? withUnit(bytes / MEBIBYTE / 1024, 'GiB') : formatMebibytes(bytes);
}

function formatRatio(value) {
  const digits = value >= 100 ? 0 : 2;
  return value.toLocaleString('en-US',
    { minimumFractionDigits: digits, maximumFractionDigits: digits }) + '×';
}

function formatDuration(seconds) {
  if (!isNumber(seconds) || seconds < 120) {
    return withUnit(seconds, 's');
  }
  const minutes = Math.floor(seconds / 60);
  return `${formatNumber(minutes)} min ${Math.round(seconds - 60 * minutes)} s`;
}

function formatInstant(text) {
  return String(text).replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}

function plural(count, noun) {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}
