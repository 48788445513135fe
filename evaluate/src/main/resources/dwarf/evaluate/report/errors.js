'use strict';

/**
 * A page that failed half way must not look like a page with little in it: the first error is shown
 * on top, and all are kept in body.dataset.errors, where a test finds them.
 */
function reportError(message) {
  const body = document.body;
  if (!body.dataset.errors) {
    const banner = document.createElement('p');
    banner.className = 'script-error';
    banner.textContent = 'This page is incomplete, its script failed: ' + message;
    body.prepend(banner);
  }
  body.dataset.errors = (body.dataset.errors || '') + message + '\n';
}

window.addEventListener('error', (event) => reportError(`${event.message} (line ${event.lineno})`));
window.addEventListener('unhandledrejection', (event) => reportError(String(event.reason)));
