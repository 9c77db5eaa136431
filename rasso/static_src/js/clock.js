// The server's local time, going on from when the page was made: the reader's own clock may be wrong or elsewhere,
// and the demonstration's is moved.
const madeAt = Date.now();

export function serverNow () {
  const now = new Date(`${document.body.dataset.now}Z`);
  now.setTime(now.getTime() + Date.now() - madeAt);
  return now;
}

// The parts are read as UTC because serverNow() keeps local time in UTC's clothes.
export function timeOfDay (moment) {
  return `${String(moment.getUTCHours()).padStart(2, '0')}:${String(moment.getUTCMinutes()).padStart(2, '0')}`;
}
