// Shows the field that belongs to the chosen radio. The kit's own script does it too, but puts aria-expanded on radios,
// which ARIA does not allow there.
function update (group) {
  group.querySelectorAll('input[data-aria-controls]').forEach((radio) => {
    const revealed = document.getElementById(radio.dataset.ariaControls);
    if (revealed) revealed.classList.toggle('govuk-radios__conditional--hidden', !radio.checked);
  });
}

export function startReveals () {
  document.querySelectorAll('[data-reveals]').forEach((group) => {
    group.addEventListener('change', () => update(group));
    update(group);
  });
  // Going back in the history restores answers after this script has run.
  window.addEventListener('pageshow', () => document.querySelectorAll('[data-reveals]').forEach(update));
}
