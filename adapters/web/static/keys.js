/** Keys: shortcuts, and that a key which is held, or a double click, does one thing once. */

import { setView } from './show.js';

const $ = (id) => document.getElementById(id);
const [cards, dialog, message, composer] = ['cards', 'dialog', 'message', 'composer'].map($);
const takesText = (target) =>
  target.closest('textarea, select, input:not([type=radio]):not([type=checkbox])') !== null;

/** A key that is held repeats. In a text that is wanted; what it sends, opens or taps is meant once. */
function isRepeated({ repeat, key, target, shiftKey, ctrlKey, metaKey, altKey }) {
  if (!repeat) return false;
  if (altKey || ((ctrlKey || metaKey) && key === 'Enter')) return true;
  if (key === ' ') return !takesText(target);
  return key === 'Enter' && !(target.tagName === 'TEXTAREA' && (shiftKey || target !== message));
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function find({ altKey, code, key, target }) {
  const card = cards.querySelector('.card');
  if (altKey) {
    const name = /^Digit[1-9]$/.test(code) ? code[5] : code === 'KeyM' ? 'M' : null;
    return name && card && card.querySelector(`[aria-keyshortcuts="Alt+${name}"]`);
  }
  if (takesText(target) || composer.contains(target)) return null;
  if (key === '/') return message;
  return key === 'n' && card ? card.querySelector('.ask :is(input, select, textarea)') : null;
}

function shortcut(event) {
  if (event.ctrlKey || event.metaKey || dialog.open) return;
  const target = find(event);
  if (!target) return;
  // The slash begins a command: it is typed where it leads, if nothing stands there yet.
  if (target !== message || message.value) event.preventDefault();
  setView(target === message ? 'thread' : 'guide');
  target.focus();
  if (target.tagName === 'BUTTON') target.click();
}

/** What is typed while something else of the composer has the focus belongs into the message. */
function typeOn({ key, target, ctrlKey, metaKey, altKey, isComposing }) {
  const isText = Array.from(key).length === 1 && key !== ' ';
  if (!isText || ctrlKey || metaKey || altKey || isComposing) return;
  if (composer.contains(target) && !takesText(target)) message.focus();
}

document.addEventListener('keydown', (event) => {
  if (isRepeated(event)) return stop(event);
  typeOn(event);
  shortcut(event);
  const { target, key, ctrlKey, metaKey } = event;
  if (target.tagName === 'TEXTAREA' && dialog.contains(target) && key === 'Enter' && (ctrlKey || metaKey)) {
    target.form.requestSubmit();
  }
}, true);

document.addEventListener('click', (event) => {
  if (event.detail > 1 && event.target.closest('button')) stop(event);
}, true);
