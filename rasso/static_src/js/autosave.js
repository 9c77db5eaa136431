// Keeps drafts: <form data-autosave-url="..."> is sent there when it changed, every ten seconds and when a field is left.
// The page may hold <p data-autosave-status> to say what was kept.
import { serverNow, timeOfDay } from './clock.js';

const EVERY = 10_000;

function contentOf (form) {
  const entries = Array.from(new FormData(form)).filter(([, value]) => typeof value === 'string');
  return new URLSearchParams(entries).toString();
}

function watch (form) {
  const status = form.querySelector('[data-autosave-status]');
  let saved = contentOf(form);
  let running = null;
  let isSent = false;

  const say = (sentence) => { if (status) status.textContent = sentence; };

  async function save ({ isLeaving = false } = {}) {
    const content = contentOf(form);
    if (isSent || running || content === saved) return;
    running = new AbortController();
    try {
      const response = await fetch(form.dataset.autosaveUrl, {
        method: 'POST',
        body: new URLSearchParams(content),
        headers: { Accept: 'application/json' },
        redirect: 'error',
        keepalive: isLeaving,
        signal: running.signal
      });
      if (response.status === 409) {
        isSent = true;
        say('This was finished or discarded elsewhere. What you type here is not kept any more.');
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      saved = content;
      say(`Draft saved at ${timeOfDay(serverNow())}`);
      document.dispatchEvent(new Event('rasso:answered'));
    } catch {
      if (!isSent) say('Your draft is not saved: the last change did not reach the server. It will be tried again.');
    } finally {
      running = null;
    }
  }

  // A draft that arrives after the form itself would bring back what is done.
  function stop () {
    isSent = true;
    running?.abort();
  }

  setInterval(save, EVERY);
  form.addEventListener('focusout', () => save());
  form.addEventListener('submit', stop);
  window.addEventListener('pageshow', () => { isSent = false; });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') save({ isLeaving: true });
  });
}

export function startAutosave () {
  document.querySelectorAll('form[data-autosave-url]').forEach(watch);
}
