// Two minutes before the session ends: a notice with "Stay signed in". Needs <body data-session-seconds="..."
// data-stay-signed-in-url="..."> and the notice in base.html.
const WARN_SECONDS = 120;

export function startSessionNotice () {
  const { sessionSeconds, staySignedInUrl } = document.body.dataset;
  const notice = document.getElementById('session-notice');
  if (!sessionSeconds || !notice) return;

  const tabs = new BroadcastChannel('rasso-session');
  let end;

  function restart (seconds = sessionSeconds) {
    end = Date.now() + Number(seconds) * 1000;
    if (notice.open) notice.close();
  }

  function answered (seconds) {
    restart(seconds);
    tabs.postMessage('answered');
  }

  // The same address again: signing in leads back to it, and drafts are there.
  function leave () {
    window.location.assign(window.location.pathname + window.location.search);
  }

  // By the clock and not by one long timer: timers stand still while a computer sleeps.
  function look () {
    const left = (end - Date.now()) / 1000;
    if (left <= 0) return leave();
    if (left <= WARN_SECONDS && !notice.open) notice.showModal();
  }

  async function staySignedIn (event) {
    event.preventDefault();
    const response = await fetch(staySignedInUrl, {
      method: 'POST',
      body: new URLSearchParams(new FormData(event.target)),
      redirect: 'error'
    }).catch(() => ({ ok: false }));
    if (!response.ok) return leave();
    // Near the end of the longest day the session lasts shorter than when the page was made.
    answered(response.headers.get('Session-Seconds') ?? undefined);
  }

  notice.querySelector('form').addEventListener('submit', staySignedIn);
  tabs.addEventListener('message', () => restart());
  document.addEventListener('rasso:answered', () => answered());
  answered();
  setInterval(look, 1000);
}
