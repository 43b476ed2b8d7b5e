/** Times as they are at the reader's place, and how long ago something was, kept current quietly. */

const TICK = 15000;
const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60]];
const { language } = document.body.dataset;
const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clockAndDay = new Intl.DateTimeFormat(language, {
  day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
});
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });

function ago(since) {
  const seconds = Math.max(0, Date.now() / 1000 - since);
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) || ['second', 0];
  return relative.format(length ? -Math.floor(seconds / length) : 0, unit);
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Show the times in this part of the page. */
export function showTimes(scope) {
  for (const mark of scope.querySelectorAll('[data-at]')) {
    const at = new Date(Number(mark.dataset.at) * 1000);
    const isToday = at.toDateString() === new Date().toDateString();
    put(mark, (isToday ? clock : clockAndDay).format(at));
  }
  for (const mark of scope.querySelectorAll('[data-since]')) {
    put(mark, mark.dataset.label.replace('{ago}', ago(Number(mark.dataset.since))));
  }
}

showTimes(document);
setInterval(() => showTimes(document), TICK);
