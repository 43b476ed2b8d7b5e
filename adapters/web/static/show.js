/** What the server sends, put in its place: messages, private lines, cards, and the state of the room. */

import { showTimes } from './clock.js';
import { tell, words } from './dialog.js';
import { giveDraftBack } from './drafts.js';
import { carry, stranded } from './fields.js';

const $ = (id) => document.getElementById(id);
const [cards, lines, thread, log, guide] = ['cards', 'lines', 'thread', 'log', 'guide'].map($);
const NEAR = 80;
let atEnd = true;

/** The first element of some markup from our own server, where every text was escaped. */
export function parse(html) {
  const holder = document.createElement('template');
  holder.innerHTML = html;
  return holder.content;
}

/** On a narrow screen one of the two sides is shown. */
export function setView(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll('[data-show]')) {
    button.setAttribute('aria-pressed', String(button.dataset.show === view));
    if (button.dataset.show === view) button.querySelector('.fresh').hidden = true;
  }
}

function markFresh(view) {
  if (document.body.dataset.view === view) return;
  document.querySelector(`[data-show="${view}"] .fresh`).hidden = false;
}

export function toEnd() {
  atEnd = true;
  log.scrollTop = log.scrollHeight;
  $('newer').hidden = true;
}

log.addEventListener('scroll', () => {
  atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
  if (atEnd) $('newer').hidden = true;
});

new ResizeObserver(() => atEnd && toEnd()).observe(log);

function place(element, old, list) {
  if (old) old.replaceWith(element);
  else list.append(element);
}

function showMessage(item, old) {
  place(item, old, thread);
  $('nothing').hidden = true;
  if (atEnd) toEnd();
  else if (!old) $('newer').hidden = false;
  if (!old) markFresh('thread');
}

function showLine(item, old) {
  place(item, old, lines);
  if (!old) markFresh('guide');
}

function showCard(card, old) {
  const focused = old && old.contains(document.activeElement) ? document.activeElement : null;
  const moved = old && old.dataset.cardRevision !== card.dataset.cardRevision;
  const left = moved ? stranded(old, card) : [];
  if (old) old.replaceWith(card);
  else cards.prepend(card);
  showStart();
  for (const form of card.querySelectorAll('[data-form]')) if (!old || moved) giveDraftBack(form);
  if (old) carry(old, card, moved ? null : focused);
  if (focused && !card.contains(document.activeElement)) focusFirst(card);
  if (left.length) tell(`${words.notAdded} “${left.join(' · ')}”`);
  announce(card, old);
  if (!old) setView('guide');
  reach();
}

function focusFirst(card) {
  (card.querySelector('.card-foot button') || guide).focus({ preventScroll: true });
}

/** The form that starts a recovery is there unless one is open. */
function showStart() {
  $('start').hidden = cards.querySelector('.card[data-open]') !== null;
}

/** Read aloud what has changed: the step with its phrase, or the phrase alone. */
function announce(card, old) {
  const texts = (one, ...parts) => parts.map((part) => (one && one.querySelector(part)?.textContent.trim()) || '');
  const spoken = ['.where', '[data-instruction]', '.say blockquote', '.then'];
  const [now, before] = [card, old].map((one) => texts(one, ...spoken));
  const isSameStep = now[0] === before[0] && now[1] === before[1];
  const news = isSameStep ? (now[2] === before[2] ? [] : [now[2]]) : now;
  if (!news.length) return;
  $('announce').textContent = news.filter(Boolean).join('. ').replace(/([.?!:…])\. /g, '$1 ');
  if (!isSameStep) markFresh('guide');
}

/** What scrolls can be reached by keyboard, and only while it scrolls. */
export function reach() {
  for (const box of document.querySelectorAll('.card-body')) {
    if (box.scrollHeight > box.clientHeight + 1) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  }
}

new ResizeObserver(reach).observe(cards);

const initials = (name) => {
  const parts = name.split(/\s+/).filter(Boolean).slice(0, 2);
  return parts.map((part) => Array.from(part)[0]).join('').toUpperCase() || '?';
};

function face([id, name]) {
  const item = document.createElement('li');
  const [avatar, label] = ['span', 'span'].map((tag) => item.appendChild(document.createElement(tag)));
  item.dataset.person = id;
  item.title = name;
  avatar.className = 'avatar';
  avatar.setAttribute('aria-hidden', 'true');
  avatar.textContent = initials(name);
  label.className = 'visually-hidden';
  label.textContent = name;
  return item;
}

export function showMe(name) {
  document.querySelector('[data-my-name]').textContent = name;
  document.querySelector('[data-my-initials]').textContent = initials(name);
  $('me-form').content.querySelector('#my-name').setAttribute('value', name);
}

export function showShared(shared) {
  document.body.dataset.shared = shared ? 'on' : 'off';
  $('shared').checked = shared;
  $('shared-on').hidden = !shared;
}

function showRoom({ shared, people }) {
  showShared(shared);
  $('people').replaceChildren(...people.map(face));
  for (const select of document.querySelectorAll('[data-people]')) {
    const known = Array.from(select.options, (option) => option.value);
    for (const [id, name] of people) if (!known.includes(id)) select.add(new Option(name, id));
  }
}

const shows = { message: showMessage, private_message: showLine, nudge: showLine, card: showCard };

/** Show one event of the live line. */
export function apply(event) {
  if (event.kind === 'room') showRoom(event.room || event);
  else {
    const element = parse(event.html).firstElementChild;
    showTimes(element.parentNode);
    shows[event.kind](element, $(event.key));
  }
}
