// Two minutes before the session ends: a notice with "Stay signed in". Needs <body data-session-seconds="..."
// data-stay-signed-in-url="..."> and the notice in base.html.
const WARN_SECONDS = 120
const SAVE_SECONDS = 10

export function startSessionNotice () {
  const { sessionSeconds, staySignedInUrl } = document.body.dataset
  const notice = document.getElementById('session-notice')
  if (!sessionSeconds || !notice) return

  const tabs = new BroadcastChannel('rasso-session')
  const timers = []

  function endSession () {
    notice.close()
    window.location.assign(window.location.pathname + window.location.search)
  }

  // Wall time, not the timer alone: timers stop while a laptop sleeps.
  function after (seconds, act) {
    const due = Date.now() + seconds * 1000
    timers.push(setInterval(() => {
      if (Date.now() < due) return
      act()
    }, 1000))
  }

  function once (act) {
    let isDone = false
    return () => {
      if (isDone) return
      isDone = true
      act()
    }
  }

  function restart () {
    timers.splice(0).forEach(clearInterval)
    if (notice.open) notice.close()
    const seconds = Number(sessionSeconds)
    after(Math.max(seconds - WARN_SECONDS, 0), once(() => notice.showModal()))
    after(Math.max(seconds - SAVE_SECONDS, 0), once(() => document.dispatchEvent(new Event('rasso:session-ends'))))
    after(seconds, once(endSession))
  }

  async function staySignedIn (event) {
    event.preventDefault()
    const response = await fetch(staySignedInUrl, {
      method: 'POST',
      body: new URLSearchParams(new FormData(notice.querySelector('form'))),
      redirect: 'error'
    }).catch(() => ({ ok: false }))
    if (!response.ok) return endSession()
    restart()
    tabs.postMessage('stayed')
  }

  notice.querySelector('form').addEventListener('submit', staySignedIn)
  tabs.addEventListener('message', restart)
  tabs.postMessage('stayed')
  restart()
}
