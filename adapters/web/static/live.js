/** The room's live line: every event once and in order, through any number of lost connections. */

const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 5000;

/**
 * @param {string} slug the room
 * @param {number} seq the last event that the page already shows
 * @param {(event: object) => void} apply gets each new event once
 * @param {(connected: boolean) => void} changed told when the page is caught up, and when the line is lost
 */
export function live(slug, seq, apply, changed) {
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
    line.onclose = () => {
      if (line !== socket) return;
      changed(false);
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
