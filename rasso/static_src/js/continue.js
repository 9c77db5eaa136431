// Long work goes a part at a time: the page says how far it has come and presses its own "Continue". Without script one presses it.
const PAUSE = 700;

export function startContinue () {
  document.querySelectorAll('form[data-continue]').forEach((form) => {
    const button = form.querySelector('button[type="submit"]');
    setTimeout(() => form.requestSubmit(button), PAUSE);
  });
}
