'use strict';

/** What all charts have in common. Nothing moves: an animated measurement is no better measured. */

const LABEL_HEIGHT = 12;

Chart.defaults.animation = false;
Chart.defaults.maintainAspectRatio = false;
Chart.defaults.locale = 'en-US';
Chart.defaults.font.family = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
Chart.defaults.plugins.legend.display = false;

function axis(colours, title, more) {
  const { ticks, grid, ...rest } = more || {};
  return {
    title: { display: true, text: title, color: colours.muted },
    ticks: { color: colours.muted, maxRotation: 0, autoSkipPadding: 12, ...ticks },
    grid: { color: colours.line, ...grid },
    border: { color: colours.line },
    beginAtZero: true,
    ...rest,
  };
}

/** An axis of names, all of which are shown. */
function nameAxis(colours, title) {
  return {
    title: { display: title !== '', text: title, color: colours.muted },
    ticks: { color: colours.text, autoSkip: false, maxRotation: 0 },
    grid: { display: false },
    border: { color: colours.line },
  };
}

function isPowerOfTen(value) {
  const power = Math.log10(value);
  return Math.abs(power - Math.round(power)) < 1e-9;
}

/** Whole decades, of which only the powers of ten have a line and a number. */
function logAxis(colours, title, values) {
  const positive = values.filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(...positive)));
  const high = Math.ceil(Math.log10(Math.max(...positive)));
  return axis(colours, title, {
    type: 'logarithmic',
    min: 10 ** (low - 1),
    max: 10 ** Math.max(high, low + 1),
    ticks: { callback: (value) => (isPowerOfTen(value) ? formatNumber(value) : ''), autoSkip: false },
    grid: { color: (context) => (isPowerOfTen(context.tick.value) ? colours.line : 'transparent') },
  });
}

/** The tooltip line "name: value unit". */
function tooltip(unit, valueOf, more) {
  return {
    callbacks: {
      label: (item) => ` ${item.dataset.label}: ${withUnit(valueOf(item), unit)}`,
      ...(more || {}),
    },
  };
}

/**
 * Writes values into the plot. A label that would run into one already there goes above it, so that
 * none is lost and none is unreadable.
 */
function labelWriter(context) {
  const taken = [];
  const hits = (a, b) => a.left < b.right && b.left < a.right && Math.abs(a.y - b.y) < LABEL_HEIGHT;
  context.font = `11px ${Chart.defaults.font.family}`;
  context.textBaseline = 'middle';
  return (text, x, y, align) => {
    const width = context.measureText(text).width;
    const left = align === 'center' ? x - width / 2 : x;
    const place = { left: left - 1, right: left + width + 1, y };
    while (taken.some((other) => hits(place, other))) {
      place.y -= 1;
    }
    taken.push(place);
    context.fillText(text, left, place.y);
  };
}

/** Each bar's value at its end, in the text's or in the engine's colour. */
function barLabels(format, { horizontal, colourOf }) {
  return {
    id: 'barLabels',
    afterDatasetsDraw(chart) {
      chart.ctx.save();
      const write = labelWriter(chart.ctx);
      chart.data.datasets.forEach((dataset, at) => chart.getDatasetMeta(at).data.forEach((bar, i) => {
        if (isNumber(dataset.data[i])) {
          chart.ctx.fillStyle = colourOf(dataset);
          const [x, y] = horizontal ? [bar.x + 5, bar.y] : [bar.x, bar.y - 8];
          write(format(dataset.data[i], i, at), x, y, horizontal ? 'left' : 'center');
        }
      }));
      chart.ctx.restore();
    },
  };
}

/** Least to most of the rounds, as a vertical line through each point. */
function whiskers() {
  return {
    id: 'whiskers',
    beforeDatasetsDraw(chart) {
      const context = chart.ctx;
      const scale = chart.scales.y;
      context.save();
      context.lineWidth = 2;
      for (const dataset of chart.data.datasets) {
        context.strokeStyle = dataset.borderColor;
        for (const point of dataset.data) {
          const x = chart.scales.x.getPixelForValue(point.x);
          context.beginPath();
          context.moveTo(x, scale.getPixelForValue(point.least));
          context.lineTo(x, scale.getPixelForValue(point.most));
          context.stroke();
        }
      }
      context.restore();
    },
  };
}
