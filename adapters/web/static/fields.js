/** What is typed and picked: read, kept when a card is drawn again, given back when it is refused. */

const controls = (form) => Array.from(form.elements).filter((control) => control.name);
const toggles = (control) => control.type === 'radio' || control.type === 'checkbox';

/** Name and value of everything in the form, as it is in view. */
export function values(form) {
  return Array.from(new FormData(form), ([name, value]) => [name, String(value)]);
}

/** The same as the server is to get it: what was chosen for a field travels as it is meant. */
export function answers(form) {
  return values(form).map(([name, value]) => [name, meaning(form, name, value)]);
}

function meaning(form, name, value) {
  const field = controls(form).find((control) => control.name === name && 'control' in control.dataset);
  if (!field || !value) return value;
  const choices = [field, ...form.querySelectorAll(`[data-suggest="${field.id}"], [data-pick="${field.id}"]`)];
  const choice = choices.find(({ dataset }) => 'answer' in dataset && dataset.word === value);
  return choice ? choice.dataset.answer : value;
}

const changed = (control) => {
  if (toggles(control)) return control.checked !== control.defaultChecked;
  if (control.tagName === 'SELECT') return Array.from(control.options).some((o) => o.selected !== o.defaultSelected);
  return control.value !== control.defaultValue;
};

const isTyped = (control) => !toggles(control) && control.tagName !== 'SELECT' && control.value.trim() !== '';

/** Whether there is something in the form that the server does not have. */
export const unsent = (form) => controls(form).some(changed);

/** Whether something was typed, or a box ticked, that is worth a note of its own. */
export const worthSending = (form) =>
  controls(form).some((control) => changed(control) && (control.type === 'checkbox' || isTyped(control)));

/** Put answers into a form, but never over what has been typed there since. */
export function giveBack(form, pairs) {
  for (const control of controls(form)) {
    const values = pairs.filter(([name]) => name === control.name).map(([, value]) => value);
    if (!values.length && control.type !== 'checkbox') continue;
    if (toggles(control)) control.checked = values.includes(control.value);
    else if (!changed(control)) control.value = values[0];
  }
  markSuggestions(form);
}

/** Empty a form for the next answer. One that shows what is held already keeps what was typed until it is drawn again. */
export function clear(form) {
  const showsAnswer = controls(form).some((control) => !toggles(control) && control.defaultValue);
  if (showsAnswer && !('repeats' in form.dataset)) return;
  form.reset();
  markSuggestions(form);
}

/** Show which of the offered words is in its field. */
export function markSuggestions(scope) {
  for (const chip of scope.querySelectorAll('[data-suggest]')) {
    const field = document.getElementById(chip.dataset.suggest);
    if (field) chip.setAttribute('aria-pressed', String(field.value.trim() === chip.dataset.word));
  }
}

/** Show an error at each field, and return those that have no field here. */
export function showErrors(form, errors, focus = true) {
  const homeless = { ...errors };
  for (const field of form.querySelectorAll('[data-field]')) {
    const message = errors[field.dataset.field] || '';
    delete homeless[field.dataset.field];
    const error = field.querySelector('[data-error]');
    error.textContent = message;
    error.hidden = !message;
    for (const control of field.querySelectorAll('[data-control]')) {
      const fold = control.closest('details');
      if (message && fold) fold.open = true;
      if (message) control.setAttribute('aria-invalid', 'true');
      else control.removeAttribute('aria-invalid');
    }
  }
  const first = form.querySelector('[aria-invalid]');
  if (first && focus) {
    (first.matches('input, select, textarea') ? first : first.querySelector('input')).focus();
    first.closest('[data-field]').querySelector('[data-error]').scrollIntoView({ block: 'nearest' });
  }
  return Object.values(homeless);
}

const sameField = (scope, control) =>
  Array.from(scope.querySelectorAll('[name]')).find(
    (other) => other.name === control.name && (!toggles(control) || other.value === control.value),
  );

const formsOf = (card) => Array.from(card.querySelectorAll('[data-form]'));

/** Move focus, and everything typed, unfolded and not yet sent, from a card to the one that takes its place. */
export function carry(old, fresh, focused) {
  for (const fold of old.querySelectorAll('details[open]')) {
    const heir = fresh.querySelector(`[data-fold="${fold.dataset.fold}"]`);
    if (heir) heir.open = true;
  }
  for (const form of formsOf(old)) {
    const heir = formsOf(fresh).find((other) => other.dataset.form === form.dataset.form);
    if (heir) inherit(form, heir);
  }
  const heir = focused && heirOf(focused, fresh);
  if (!heir) return;
  heir.focus({ preventScroll: true });
  if (focused.selectionStart != null && heir.setSelectionRange) {
    heir.setSelectionRange(focused.selectionStart, focused.selectionEnd);
  }
}

function inherit(form, heir) {
  for (const control of controls(form).filter(changed)) {
    const next = sameField(heir, control);
    if (next && toggles(control)) next.checked = control.checked;
    else if (next) next.value = control.value;
  }
  const errors = {};
  for (const field of form.querySelectorAll('[data-field]')) {
    errors[field.dataset.field] = field.querySelector('[data-error]').textContent;
  }
  showErrors(heir, errors, false);
  markSuggestions(heir);
}

function heirOf(focused, fresh) {
  const form = focused.closest('[data-form]');
  const home = form && formsOf(fresh).find((other) => other.dataset.form === form.dataset.form);
  if (home) return focused.name ? sameField(home, focused) : home.querySelector('[type=submit]');
  const { chip } = focused.dataset;
  if (chip) return fresh.querySelector(`[data-chip="${CSS.escape(chip)}"]`);
  const fold = focused.closest('summary') && focused.closest('[data-fold]');
  if (fold) return fresh.querySelector(`[data-fold="${fold.dataset.fold}"] > summary`);
  const actions = Array.from(fresh.querySelectorAll('[data-action]'));
  return actions.find((button) => button.dataset.action === focused.dataset.action);
}

/** What was typed in the forms of `old` that `fresh` has no place for. */
export function stranded(old, fresh) {
  const kept = formsOf(fresh).map((form) => form.dataset.form);
  const lost = formsOf(old).filter((form) => !kept.includes(form.dataset.form));
  const typed = lost.flatMap(controls).filter((control) => isTyped(control) && changed(control));
  return typed.map((control) => control.value.trim());
}
