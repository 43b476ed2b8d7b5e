/** The room's live line: every event once and in order, through any number of lost connections. */

const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 5000;

/** Why the server closes the line (`adapters/web/live_updates.py`). */
const SIGNED_OUT = 4401;
const TOO_MANY_PAGES = 4429;

/**
 * @param {string} slug the room
 * @param {number} seq the last event that the page already shows
 * @param {(event: object) => void} apply gets each new event once
 * @param {(connected: boolean, tooMany: boolean) => void} changed told when the page is caught up, and when the line is
 *   lost; `tooMany`: because this person has too many pages open
 * @param {() => void} ended told when this person is not signed in any more
 */
export function live(slug, seq, apply, changed, ended) {
  let last = seq;
  let socket = null;
  let pause = FIRST_PAUSE;
  let timer = 0;

  const connect = () => {
    clearTimeout(timer);
    const origin = location.origin.replace(/^http/, 'ws');
    const line = new WebSocket(`${origin}/room/${encodeURIComponent(slug)}/live?after=${last}`);
    socket = line;
    line.onmessage = ({ data }) => {
      if (line !== socket) return;
      const event = JSON.parse(data);
      if (event.kind === 'live') {
        pause = FIRST_PAUSE;
        changed(true);
      } else if (event.seq > last) {
        last = event.seq;
        apply(event);
      }
    };
    line.onclose = ({ code }) => {
      if (line !== socket) return;
      if (code === SIGNED_OUT) return ended();
      changed(false, code === TOO_MANY_PAGES);
      if (code === TOO_MANY_PAGES) pause = LONGEST_PAUSE;
      timer = setTimeout(connect, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    };
  };

  const reconnectNow = () => {
    if (socket.readyState === WebSocket.OPEN) return;
    const old = socket;
    pause = FIRST_PAUSE;
    connect();
    old.close();
  };

  window.addEventListener('online', reconnectNow);
  window.addEventListener('pageshow', (shown) => shown.persisted && reconnectNow());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && reconnectNow());
  connect();
}
