/** The practice room: what is tapped and typed goes to the server, what the server says is shown. */

import { giveMessageBack, openComposer } from './composer.js';
import './copy.js';
import { closeDialog, openDialog, setStatus, tell, words } from './dialog.js';
import { dropDraft, giveDraftBack, keepDraft } from './drafts.js';
import { answers, clear, giveBack, markSuggestions, showErrors, values, worthSending } from './fields.js';
import './keys.js';
import { live } from './live.js';
import { outbox } from './send.js';
import { apply, parse, reach, setView, showMe, showShared, toEnd } from './show.js';

const $ = (id) => document.getElementById(id);
const [cards, dialog, message] = ['cards', 'dialog', 'message'].map($);
const { slug, seq } = document.body.dataset;
const succeeded = ({ status }) => status >= 200 && status < 300;

const post = outbox(slug, (notice) => setStatus({ waiting: notice }), orphan);

/** An action begun before the page was loaded again: the text of a refused message comes back. */
function orphan({ path, fields }, reply) {
  settle(reply, (errors) => {
    if (path === 'say') refuseMessage(new Map(fields).get('text'), errors);
    else if (path === 'fill') tell(notAdded(fields.slice(3)));
  });
}

const notAdded = (typed) => `${words.notAdded} “${typed.map(([, value]) => value).join(' · ')}”`;

/** Show what the server answered. `refused(errors)` gives back what was typed. */
function settle(reply, refused = () => {}) {
  const { status, answer } = reply;
  const done = succeeded(reply);
  if (answer.dialog) openDialog(parse(answer.dialog));
  else if (answer.close) closeDialog();
  if (!done && status !== 422) tell(status === 401 || status === 403 ? words.ended : words.refused);
  if (!done) refused(answer.errors || {});
  if (answer.notice) tell(answer.notice);
}

async function say(text, as) {
  tell('');
  toEnd();
  settle(await post.send('say', [['as', as], ['text', text]]), (errors) => refuseMessage(text, errors));
}

function refuseMessage(text, errors) {
  giveMessageBack(text);
  const reasons = Object.values(errors);
  if (reasons.length) tell(reasons.join(' '));
}

/** The form as it is drawn now: its card may have been drawn again since. */
const formNow = ({ form, recovery }, inside) =>
  Array.from((inside ? dialog : cards).querySelectorAll('[data-form]')).find(
    (other) => other.dataset.form === form && other.dataset.recovery === recovery,
  );

/** Send a form. On a card it is emptied at once, ready for the next note, and filled again if it is refused. */
async function fill(form) {
  tell('');
  showErrors(form, {});
  if (form.hasAttribute('aria-busy')) return false;
  const inside = dialog.contains(form);
  const [typed, sent] = [values(form), answers(form)];
  const { recovery, form: id } = form.dataset;
  if (inside) form.setAttribute('aria-busy', 'true');
  else if (!('sendsItself' in form.dataset)) clear(form);
  dropDraft(form);
  const reply = await post.send('fill', [['recovery', recovery], ['form', id], ...sent]);
  form.removeAttribute('aria-busy');
  const now = formNow(form.dataset, inside);
  if (now && inside && succeeded(reply)) now.reset();
  if (now) keepDraft(now);
  settle(reply, (errors) => refuse(now, inside, typed, errors));
  return succeeded(reply);
}

function refuse(form, inside, typed, errors) {
  if (!form) return tell([...Object.values(errors), notAdded(typed)].join(' '));
  if (!inside) giveBack(form, typed);
  keepDraft(form);
  const homeless = showErrors(form, errors);
  if (homeless.length) tell(homeless.join(' '));
}

const tapping = new Set();
const tapKey = (button, { recovery, cardRevision }) =>
  [recovery, cardRevision, button.closest('.card-foot') ? 'next' : button.dataset.action].join(' ');

/**
 * Send a tap. What is typed on the card and not yet added goes first, for nobody types a note in order to lose it. If
 * that is refused the card stays, with the reason at the field; the next tap goes without it.
 */
async function tap(button) {
  const place = button.closest('[data-recovery]');
  const { recovery, cardRevision } = place.dataset;
  const { action } = button.dataset;
  const tapped = tapKey(button, place.dataset); // of what leads on, one at a time
  if (tapping.has(tapped)) return;
  tapping.add(tapped);
  tell('');
  button.setAttribute('aria-busy', 'true');
  const note = button.closest('.card-foot') && place.querySelector('[data-form]');
  const first = note && worthSending(note) && !note.querySelector('[aria-invalid]');
  if (!first || (await fill(note))) {
    const stays = 'stays' in button.dataset;
    const fields = [['recovery', recovery], ['card_revision', cardRevision], ['action', action]];
    const reply = await post.send('tap', stays ? [...fields, ['surface', 'panel']] : fields);
    if (succeeded(reply) && dialog.contains(place) && !stays) reply.answer.close = true;
    settle(reply);
  }
  button.removeAttribute('aria-busy');
  tapping.delete(tapped);
}

async function saveMe(form) {
  const { name, language } = Object.fromEntries(answers(form));
  showErrors(form, {});
  const reply = await post.send('me', [['name', name.trim()], ['timezone', timezone()], ['language', language]]);
  if (succeeded(reply) && language !== document.body.dataset.language) return location.reload();
  if (succeeded(reply) && name.trim()) showMe(name.trim());
  settle(reply, (errors) => refuse(form, true, [], errors));
  if (succeeded(reply)) closeDialog();
}

const timezone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || '';

async function share(hasExternalUsers) {
  showShared(hasExternalUsers);
  const reply = await post.send('share', [['has_external_users', hasExternalUsers ? 'on' : 'off']]);
  settle(reply, () => showShared(!hasExternalUsers));
}

function suggest(chip) {
  const field = $(chip.dataset.suggest);
  field.value = field.value === chip.dataset.word ? '' : chip.dataset.word;
  markSuggestions(field.form);
  keepDraft(field.form);
}

/** A calendar for who would rather pick a time than type it. */
function openCalendar({ dataset: { pick } }) {
  document.querySelector(`[data-calendar="${pick}"]`).showPicker();
}

function takeFromCalendar({ value, dataset: { calendar } }) {
  const [field, chip] = [$(calendar), document.querySelector(`[data-pick="${calendar}"]`)];
  if (!value) return;
  field.value = chip.dataset.word = value.replace('T', ' ');
  chip.dataset.answer = value;
  markSuggestions(field.form);
  keepDraft(field.form);
}

function openGuide(id) {
  const card = $(id);
  if (!card) return;
  setView('guide');
  card.scrollIntoView({ block: 'nearest' });
  (card.querySelector('.card-foot button') || $('guide')).focus();
}

// --- Wiring ---------------------------------------------------------------------------------------------------------

let byArrow = false;

document.addEventListener('click', ({ target }) => {
  const button = target.closest('button');
  if (!button) return;
  if ('action' in button.dataset && (!button.dataset.sure || window.confirm(button.dataset.sure))) tap(button);
  else if ('suggest' in button.dataset) suggest(button);
  else if ('pick' in button.dataset) openCalendar(button);
  else if ('guide' in button.dataset) openGuide(button.dataset.guide);
  else if ('show' in button.dataset) setView(button.dataset.show);
});

/** A card that is drawn anew between press and release would swallow the click: the same button on the new one gets it. */
let pressed = null;
document.addEventListener('pointerdown', ({ target }) => {
  pressed = target.closest('[data-action]');
});
document.addEventListener('pointerup', ({ target }) => {
  const now = target.closest('[data-action]');
  if (pressed && !pressed.isConnected && now && now.dataset.action === pressed.dataset.action) now.click();
  pressed = null;
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.id === 'sign-out' && window.confirm(form.dataset.sure)) return forget();
  event.preventDefault();
  if ('form' in form.dataset) fill(form);
  else if (form.id === 'me-edit') saveMe(form);
  else if (form.id === 'start') start(form.elements.client);
});

let isSigningOut = false;

/** What was typed here and not sent goes with the person who signs out. */
function forget() {
  isSigningOut = true;
  try {
    sessionStorage.clear();
  } catch {
    // A browser without storage remembers nothing.
  }
}

function start(client) {
  const name = client.value.trim();
  if (!name) return client.focus();
  client.value = '';
  keepDraft(client.form);
  say(`/trust-recover start ${name}`, 'responder');
}

document.addEventListener('input', ({ target }) => {
  if ('calendar' in target.dataset || !target.form) return;
  markSuggestions(target.form);
  if ('form' in target.form.dataset || target.form.id === 'start') keepDraft(target.form);
});

document.addEventListener('change', ({ target }) => {
  if ('calendar' in target.dataset) takeFromCalendar(target);
  else if (target.id === 'shared') share(target.checked);
  else if (target.form && 'sendsItself' in target.form.dataset && !byArrow) fill(target.form);
});

document.addEventListener('pointerdown', () => (byArrow = false), true);

document.addEventListener('keydown', ({ key }) => (byArrow = key.startsWith('Arrow')), true);

$('me').addEventListener('click', () => openDialog($('me-form').content.cloneNode(true)));
$('newer').addEventListener('click', toEnd);
message.addEventListener('beforeinput', ({ data }) => data === '/' && !message.value && tell('')); // the menu lies there
window.addEventListener('online', post.retryNow);
window.addEventListener('beforeunload', (event) => post.waits() && event.preventDefault());

openComposer(say);
for (const form of document.querySelectorAll('#start, #cards [data-form]')) giveDraftBack(form);
const changed = (connected, tooMany = false) => {
  document.body.dataset.live = connected ? 'yes' : 'no';
  setStatus({ offline: !connected, tooMany });
};
const ended = () => isSigningOut || location.assign(`/login?room=${encodeURIComponent(slug)}`);
live(slug, Number(seq), apply, changed, ended);
post.resume();
post.send('me', [['name', ''], ['timezone', timezone()]]);
toEnd();
reach();
