// "Now" and "Same time" beside boxes for date and time.
import { serverNow, timeOfDay } from './clock.js';

function boxesOf (group) {
  return group.querySelectorAll('input');
}

function fill (group, values) {
  const boxes = boxesOf(group);
  boxes.forEach((box, index) => { box.value = values[index] ?? ''; });
  boxes[0].dispatchEvent(new Event('input', { bubbles: true }));
}

function fillWithNow (group) {
  const now = serverNow();
  fill(group, [now.getUTCDate(), now.getUTCMonth() + 1, now.getUTCFullYear(), timeOfDay(now)]);
}

function fillLike (group, other) {
  const source = document.querySelector(`[data-boxes="${CSS.escape(other)}"]`);
  if (source) fill(group, Array.from(boxesOf(source), (box) => box.value));
}

export function startDateButtons () {
  document.querySelectorAll('[data-fill]').forEach((button) => {
    const group = button.closest('[data-boxes]');
    button.hidden = false;
    button.addEventListener('click', () => {
      button.dataset.fill === 'now' ? fillWithNow(group) : fillLike(group, button.dataset.fill);
    });
  });
}
