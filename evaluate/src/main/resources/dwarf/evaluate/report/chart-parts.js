'use strict';

/** What all charts have in common. Nothing moves: an animated measurement is no better measured. */

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
function nameAxis(colours) {
  return {
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
    ticks: { callback: (value) => (isPowerOfTen(value) ? formatPower(value) : ''), autoSkip: false },
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

/** Writes each lying bar's value beside its end; an empty text for a bar that shall have none. */
function barLabels(colours, format) {
  return {
    id: 'barLabels',
    afterDatasetsDraw(chart) {
      const context = chart.ctx;
      context.save();
      context.font = `11px ${Chart.defaults.font.family}`;
      context.fillStyle = colours.text;
      context.textBaseline = 'middle';
      chart.data.datasets.forEach((dataset, at) => chart.getDatasetMeta(at).data.forEach((bar, i) => {
        if (isNumber(dataset.data[i])) {
          context.fillText(format(dataset.data[i], i, at), bar.x + 5, bar.y);
        }
      }));
      context.restore();
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
