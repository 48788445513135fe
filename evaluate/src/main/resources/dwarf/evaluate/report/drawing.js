'use strict';

/**
 * Charts are drawn when they come near the window. A long evaluation has hundreds, and the reader
 * looks at a few; a canvas in closed details has no size and so is never near. What is needed to
 * draw a chart is kept as a function of the palette: another scheme means drawing again.
 *
 * A canvas that has been drawn says so in dataset.drawn.
 */
const charts = new Map();

const nearWindow = new IntersectionObserver((entries) => {
  entries.filter((entry) => entry.isIntersecting).forEach((entry) => draw(entry.target));
}, { rootMargin: '400px' });

function drawLater(canvas, configOf) {
  charts.set(canvas, { configOf, chart: null });
  nearWindow.observe(canvas);
}

function draw(canvas) {
  const entry = charts.get(canvas);
  nearWindow.unobserve(canvas);
  if (entry.chart === null) {
    entry.chart = new Chart(canvas, entry.configOf(palette()));
    canvas.dataset.drawn = currentTheme();
  }
}

/** Forgets what is drawn; what is near is drawn again at once, the rest when it comes near. */
function redraw() {
  for (const [canvas, entry] of charts) {
    if (entry.chart !== null) {
      entry.chart.destroy();
      entry.chart = null;
      delete canvas.dataset.drawn;
      nearWindow.observe(canvas);
    }
  }
}

/** For paper and for screenshots, where nobody scrolls. */
function drawEverything() {
  document.querySelectorAll('details').forEach((element) => {
    element.open = true;
  });
  for (const canvas of charts.keys()) {
    draw(canvas);
  }
}

document.addEventListener('themechange', redraw);

let themeOnScreen;
window.addEventListener('beforeprint', () => {
  themeOnScreen = currentTheme();
  setTheme('light');
  drawEverything();
  charts.forEach((entry) => entry.chart.resize());
});
window.addEventListener('afterprint', () => setTheme(themeOnScreen));
