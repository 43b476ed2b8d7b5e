/** One's own words, taken elsewhere: they are selected, and copied where the browser allows it. */

import { tell, words } from './dialog.js';

function select(text) {
  const range = document.createRange();
  range.selectNodeContents(text);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

/** Without HTTPS a page has no clipboard of its own; the older command often still works there. */
async function write(text) {
  try {
    if (navigator.clipboard) return await navigator.clipboard.writeText(text).then(() => true);
    return document.execCommand('copy');
  } catch {
    return false; // The browser refuses: the text stays selected, to be copied by hand.
  }
}

document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-copy]');
  if (!button) return;
  const text = document.getElementById(button.dataset.copy);
  select(text);
  tell((await write(text.textContent)) ? words.copied : words.selected);
});
