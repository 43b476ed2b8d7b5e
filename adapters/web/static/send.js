/**
 * Sends what the user did: one after the other, each with its own event id, the same one on every try, until it is
 * answered. What waits survives a reload of the page.
 */

const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 5000;
const LONGEST_WAIT = 15000;
const MOST_FAULTS = 5;

/** An id that nobody else makes. `randomUUID` is missing where the page is not served from a secure context. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0'));
  return bytes.join('');
}

async function post(url, fields) {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), LONGEST_WAIT);
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { 'X-Requested-With': 'room' },
      credentials: 'same-origin',
      signal: cut.signal,
    });
    if (response.redirected) return { status: 401, answer: {} };
    return { status: response.status, answer: await response.json().catch(() => ({})) };
  } catch {
    return { status: 0, answer: {} };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {string} slug the room
 * @param {(notice: string|null) => void} waiting told while an action waits (with the server's word, or ''), then null
 * @param {(action: {path: string, fields: string[][]}, reply: object) => void} orphan gets the answers to actions that
 *   the page before a reload had begun
 */
export function outbox(slug, waiting, orphan) {
  const store = `trust-recover:${slug}:waiting`;
  const queue = [];
  let running = false;
  let wake = () => {};

  const keep = () => {
    const plain = queue.map(({ path, fields }) => ({ path, fields }));
    try {
      sessionStorage.setItem(store, JSON.stringify(plain));
    } catch {
      // A browser without storage: what waits lives as long as the page.
    }
  };

  const deliver = async ({ path, fields }) => {
    let faults = 0;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const reply = await post(`/room/${encodeURIComponent(slug)}/${path}`, fields);
      faults += reply.status === 500 ? 1 : 0;
      const again = reply.status === 0 || reply.status === 429 || reply.status > 500;
      if (!again && (reply.status !== 500 || faults === MOST_FAULTS)) return reply;
      waiting(reply.answer.notice || '');
      await new Promise((done) => {
        wake = done;
        setTimeout(done, pause);
      });
    }
  };

  const run = async () => {
    if (running) return;
    running = true;
    while (queue.length) {
      const reply = await deliver(queue[0]);
      const action = queue.shift();
      keep();
      waiting(null);
      action.answered(reply);
    }
    running = false;
  };

  const add = (action) => {
    queue.push(action);
    keep();
    run();
  };

  return {
    /** Resolves with {status, answer} once the server has answered. */
    send: (path, fields) =>
      new Promise((answered) => add({ path, fields: [['event_id', newId()], ...fields], answered })),
    retryNow: () => wake(),
    waits: () => queue.length > 0,
    resume() {
      let left = [];
      try {
        left = JSON.parse(sessionStorage.getItem(store) || '[]');
      } catch {
        left = [];
      }
      for (const action of left) add({ ...action, answered: (reply) => orphan(action, reply) });
    },
  };
}
