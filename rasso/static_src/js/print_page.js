// A page that was opened for printing offers the browser's own print as soon as it stands.
export function startPrintPage() {
  if (document.querySelector('[data-print]')) window.addEventListener('load', () => window.print(), { once: true });
}
