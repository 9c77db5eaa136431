// Keeps drafts: <form data-autosave-url="..."> is sent there when it changed, every ten seconds and when a field is left.
// The page may hold <p data-autosave-status> to say what was kept, and <input type="hidden" data-sending>, which counts what was
// sent, so that the server knows what is newer: what was sent first does not always arrive first.
import { serverNow, timeOfDay } from './clock.js';

const EVERY = 10_000;

function contentOf (form) {
  const entries = Array.from(new FormData(form)).filter(([, value]) => typeof value === 'string');
  const content = new URLSearchParams(entries);
  content.delete('sending');
  return content.toString();
}

function watch (form) {
  const status = form.querySelector('[data-autosave-status]');
  const sending = form.querySelector('[data-sending]');
  let saved = contentOf(form);
  let running = null;
  let isSent = false;

  const say = (sentence) => { if (status) status.textContent = sentence; };

  function count () {
    if (sending) sending.value = Number(sending.value) + 1;
  }

  async function save ({ isLeaving = false } = {}) {
    const content = contentOf(form);
    if (isSent || running || content === saved) return;
    running = new AbortController();
    count();
    const body = new URLSearchParams(content);
    if (sending) body.set(sending.name, sending.value);
    try {
      const response = await fetch(form.dataset.autosaveUrl, {
        method: 'POST',
        body,
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

  // A draft that arrives after the form itself would bring back what is done, or take the place of what was typed later.
  function stop () {
    isSent = true;
    count();
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
