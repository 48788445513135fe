'use strict';

/** Puts the page together and says when it is done. */

/** A link into closed details opens them, or it would lead nowhere. */
function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  for (let element = target; element; element = element.parentElement) {
    if (element.tagName === 'DETAILS') {
      element.open = true;
    }
  }
  if (target) {
    target.scrollIntoView();
  }
}

function buildPage() {
  const evaluation = JSON.parse(document.getElementById('evaluation').textContent);
  const parts = [heading(evaluation), testbed(evaluation.testbed), failures(evaluation),
    summary(evaluation), evaluation.scenarios.map(scenarioSection), reading()];
  document.getElementById('page').replaceChildren(...parts.flat().filter((part) => part !== null));
  if (pageParameters.get('all') === '1') {
    drawEverything();
  }
  window.addEventListener('hashchange', openTarget);
  openTarget();
  document.body.dataset.done = 'true';
}

buildPage();
