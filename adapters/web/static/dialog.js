/** What the page says by itself: the status line, notices, and the one dialog. */

import { giveDraftBack, keepDraft } from './drafts.js';

const dialog = document.getElementById('dialog');
const cards = document.getElementById('cards');
const status = document.getElementById('status');
const toast = document.getElementById('toast');
const told = toast.querySelector('[data-notice]');
export const words = status.dataset;

const state = { offline: false, tooMany: false, waiting: null };

/** `offline`: the live line is lost, or `tooMany`: there are too many of them. `waiting`: null, or an action is not saved yet, with the server's word on it. */
export function setStatus(news) {
  Object.assign(state, news);
  const waits = state.waiting !== null;
  const text = waits ? state.waiting || words.unsaved : state.tooMany ? words.many : state.offline ? words.offline : '';
  if (status.textContent !== text) status.textContent = text;
  const inside = dialog.querySelector('[data-notice]');
  if (inside && (waits || inside.hasAttribute('data-waiting'))) {
    inside.textContent = text;
    inside.hidden = !text;
    inside.toggleAttribute('data-waiting', waits);
  }
}

/** Say something to the user, where it can be seen: in the dialog while it is open. */
export function tell(text) {
  const inside = dialog.open && dialog.querySelector('[data-notice]');
  const place = inside || told;
  place.textContent = text;
  place.hidden = !text;
  toast.hidden = !told.textContent;
}

let opener = null;

function keepTyped() {
  const form = dialog.querySelector('[data-form]');
  if (form) keepDraft(form);
}

/** Open the dialog with this content, or put it in place of what is there. What was typed there before comes back. */
export function openDialog(content) {
  const place = dialog.open ? placeInPanel() : null;
  if (dialog.open) keepTyped();
  else opener = document.activeElement;
  dialog.replaceChildren(content);
  const form = dialog.querySelector('[data-form]');
  if (form) giveDraftBack(form);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  if (place && !form) returnTo(place);
  else focusFirst();
  setStatus({});
}

const panelButtons = () => Array.from(dialog.querySelectorAll('.panel [data-action]'));

/** Where one is in a panel: it is drawn again after each tap, and one may go on tapping. */
function placeInPanel() {
  const at = panelButtons().indexOf(document.activeElement);
  return at < 0 ? null : { at, action: document.activeElement.dataset.action, top: dialog.scrollTop };
}

function returnTo({ at, action, top }) {
  const buttons = panelButtons();
  const heir = buttons.find((button) => button.dataset.action === action) || buttons[Math.min(at, buttons.length - 1)];
  dialog.scrollTop = top;
  if (heir) heir.focus();
}

function focusFirst() {
  const field = dialog.querySelector('input:checked, input:not([type=radio]), textarea, select');
  (field || dialog.querySelector('.row-buttons button') || dialog.querySelector('button')).focus();
}

export function closeDialog() {
  if (dialog.open) dialog.close();
}

/** Focus goes back to what opened the dialog, or to what was drawn in its place since. */
function returnFocus() {
  const action = opener && opener.dataset.action;
  const heir = action && cards.querySelector(`[data-action="${CSS.escape(action)}"]`);
  const back = opener && opener.isConnected ? opener : heir || cards.querySelector('.card-foot button');
  if (back) back.focus({ preventScroll: true });
}

dialog.addEventListener('close', () => {
  if (dialog.open) return; // opened again at once
  keepTyped();
  dialog.replaceChildren();
  returnFocus();
});

dialog.addEventListener('click', ({ target }) => target.closest('[data-close]') && closeDialog());

document.getElementById('toast-close').addEventListener('click', () => tell(''));
