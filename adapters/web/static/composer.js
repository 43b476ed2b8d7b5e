/** Where one speaks in the thread: the text, who speaks, and the commands that it offers. */

const $ = (id) => document.getElementById(id);
const [composer, message, commands] = ['composer', 'message', 'commands'].map($);
const offers = Array.from(commands.querySelectorAll('[data-command]'));
const { slug } = document.body.dataset;
const TALLEST = 168;
let byPointer = false;

/** A store that may be missing (private windows): then nothing is remembered, and nothing fails. */
const store = (where) => ({
  get(key) {
    try {
      return window[where].getItem(`trust-recover:${slug}:${key}`);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      window[where].setItem(`trust-recover:${slug}:${key}`, value);
    } catch {
      // Not remembered.
    }
  },
});
const choices = store('localStorage');
const drafts = store('sessionStorage');

export function setMessage(text) {
  message.value = text;
  changed();
}

/** Give refused text back, before whatever has been typed since. */
export const giveMessageBack = (text) => setMessage([text, message.value].filter(Boolean).join('\n'));

function changed() {
  drafts.set('draft', message.value);
  message.style.height = 'auto';
  message.style.height = `${Math.min(message.scrollHeight + 2, TALLEST)}px`;
  offer();
}

function offer() {
  const typed = message.value.trimStart().toLowerCase().replace(/\s/g, ' ');
  const word = typed.slice(1);
  for (const button of offers) {
    const full = button.dataset.command;
    const fits = full.startsWith(typed) || full.trim().endsWith(` ${word}`) || full.startsWith(`/trust-recover ${word}`);
    button.parentElement.hidden = !(typed.startsWith('/') && fits);
  }
  commands.hidden = offers.every((button) => button.parentElement.hidden || button.dataset.command === message.value);
}

function pick(button) {
  setMessage(button.dataset.command);
  message.focus();
  commands.hidden = true;
}

function step(from, by) {
  const open = offers.filter((button) => !button.parentElement.hidden);
  const at = open.indexOf(from);
  const next = at < 0 ? open[by > 0 ? 0 : open.length - 1] : open[at + by];
  (next || message).focus();
}

function keys(event) {
  const { key, target } = event;
  if (key === 'Enter' && target === message && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  } else if (!commands.hidden && (key === 'ArrowDown' || key === 'ArrowUp')) {
    event.preventDefault();
    step(target, key === 'ArrowDown' ? 1 : -1);
  } else if (!commands.hidden && key === 'Escape') {
    commands.hidden = true;
    message.focus();
  }
}

/** Make it work. `say(text, as)` sends. */
export function openComposer(say) {
  const as = composer.elements.as;
  const remembered = choices.get('as');
  if (Array.from(as, (choice) => choice.value).includes(remembered)) as.value = remembered;
  setMessage(drafts.get('draft') || '');
  commands.hidden = true;
  message.addEventListener('input', changed);
  composer.addEventListener('keydown', keys);
  composer.addEventListener('change', ({ target }) => target.name === 'as' && choices.set('as', as.value));
  composer.addEventListener('click', ({ target }) => {
    if (target.name === 'as' && byPointer) message.focus();
  });
  document.addEventListener('pointerdown', () => (byPointer = true), true);
  document.addEventListener('keydown', () => (byPointer = false), true);
  composer.addEventListener('focusout', ({ relatedTarget }) => {
    if (!composer.contains(relatedTarget)) commands.hidden = true;
  });
  commands.addEventListener('mousedown', (event) => event.preventDefault());
  commands.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-command]');
    if (button) pick(button);
  });
  composer.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = message.value.trim();
    if (!text) return;
    setMessage('');
    say(text, as.value);
  });
}
