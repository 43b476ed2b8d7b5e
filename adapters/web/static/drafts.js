/** What is half typed in a form: kept through a reload of the page, within bounds, and forgotten once it is sent. */

import { giveBack, unsent, values } from './fields.js';

const MAX_DRAFTS = 20;
const MAX_DRAFT_CHARACTERS = 20000;
const store = `trust-recover:${document.body.dataset.slug}:forms`;
const drafts = new Map(load());

function load() {
  try {
    return JSON.parse(sessionStorage.getItem(store) || '[]');
  } catch {
    return []; // A browser without storage, or something else in it: nothing is remembered.
  }
}

function save() {
  try {
    sessionStorage.setItem(store, JSON.stringify([...drafts]));
  } catch {
    // Drafts live as long as the page then.
  }
}

/** The same for every form of one thing, though the id of a form that edits a summary changes with the record. */
const key = (form) => {
  const { recovery, draft = form.dataset.form } = form.dataset;
  return [form.closest('dialog') ? 'dialog' : 'card', form.id, recovery, draft].join(' ');
};

/** Keep what is in this form and not sent, or forget it if there is nothing. */
export function keepDraft(form) {
  drafts.delete(key(form));
  const draft = { form: form.dataset.form, typed: unsent(form) ? values(form) : [] };
  if (draft.typed.length && JSON.stringify(draft).length <= MAX_DRAFT_CHARACTERS) drafts.set(key(form), draft);
  while (drafts.size > MAX_DRAFTS) drafts.delete(drafts.keys().next().value);
  save();
}

/** Forget what was typed in this form: it is sent. */
export function dropDraft(form) {
  drafts.delete(key(form));
  save();
}

/** Put back into a form what was half typed there. It stays an edit of the text that was there then. */
export function giveDraftBack(form) {
  const draft = drafts.get(key(form));
  if (!draft || !draft.typed) return;
  if (draft.form) form.dataset.form = draft.form;
  giveBack(form, draft.typed);
}
