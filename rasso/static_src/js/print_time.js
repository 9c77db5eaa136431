// A page may be printed long after it was made: the paper says when it was printed.
import { serverNow, timeOfDay } from './clock.js';

export function startPrintTime () {
  window.addEventListener('beforeprint', () => {
    const now = serverNow();
    const day = now.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
    document.querySelectorAll('[data-time-of-print]').forEach((place) => {
      place.textContent = `${day} at ${timeOfDay(now)}`;
    });
  });
}
