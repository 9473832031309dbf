/**
 * The page's script: theme, sorting, search, filters, tips. Without it the page shows everything. It must hold no
 * `</script`, and works from file://, where storage may be refused.
 */
export const client = String.raw`'use strict';
(() => {
  const $ = (selector, root) => [...(root || document).querySelectorAll(selector)];
  const plain = (text) => text.normalize('NFKD').toLowerCase();

  // Theme: auto, light, dark.
  const root = document.documentElement;
  const button = document.getElementById('theme');
  const themes = ['auto', 'light', 'dark'];
  const remembered = () => { try { return localStorage.getItem('theme'); } catch { return null; } };
  const setTheme = (theme) => {
    if (theme === 'auto') root.removeAttribute('data-theme'); else root.setAttribute('data-theme', theme);
    button.textContent = 'Theme: ' + theme;
    try { localStorage.setItem('theme', theme); } catch { /* The choice then lasts as long as the page. */ }
  };
  const first = remembered();
  setTheme(themes.includes(first) ? first : 'auto');
  button.hidden = false;
  button.addEventListener('click', () => {
    const now = root.getAttribute('data-theme') || 'auto';
    setTheme(themes[(themes.indexOf(now) + 1) % themes.length]);
  });

  // Tables: sort by a column's button, search, show the first rows or all.
  for (const box of $('[data-table]')) {
    const body = box.querySelector('tbody');
    const rows = $('tr', body);
    const heads = $('thead th', box);
    const search = box.querySelector('input[type=search]');
    const more = box.querySelector('[data-more]');
    const told = box.querySelector('[data-count]');
    const few = Number(box.dataset.table);
    const noun = box.dataset.noun;
    const texts = new Map(rows.map((row) => [row, plain(row.cells[0].textContent)]));
    let all = rows.length <= few;
    let order = rows;
    const show = () => {
      const words = plain(search.value).split(/\s+/).filter(Boolean);
      const found = order.filter((row) => words.every((word) => texts.get(row).includes(word)));
      const visible = new Set(all ? found : found.slice(0, few));
      for (const row of rows) row.hidden = !visible.has(row);
      told.textContent = visible.size === rows.length ? rows.length + ' ' + noun
        : visible.size + ' of ' + (found.length === rows.length ? rows.length + ' ' + noun : found.length + ' found');
      more.hidden = found.length <= few;
      more.textContent = all ? 'Show the first ' + few : 'Show all ' + found.length;
      more.setAttribute('aria-expanded', String(all));
    };
    const value = (row, at) => {
      const cell = row.cells[at];
      return cell.dataset.v === undefined ? plain(cell.textContent) : Number(cell.dataset.v);
    };
    heads.forEach((head, at) => {
      const sorter = head.querySelector('button');
      if (!sorter) return;
      sorter.addEventListener('click', () => {
        const numeric = rows.length > 0 && rows[0].cells[at].dataset.v !== undefined;
        const up = head.getAttribute('aria-sort') === 'ascending' ? false
          : head.getAttribute('aria-sort') === 'descending' ? true : !numeric || head.dataset.first === 'up';
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
        const keys = new Map(rows.map((row, place) => [row, [value(row, at), place]]));
        order = [...rows].sort((a, b) => {
          const [x, i] = keys.get(a), [y, j] = keys.get(b);
          return (x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1) || i - j;
        });
        body.append(...order);
        show();
      });
    });
    search.addEventListener('input', show);
    more.addEventListener('click', () => { all = !all; show(); });
    $('[data-tools]', box).forEach((tools) => { tools.hidden = false; });
    show();
  }

  // Gallery: filters by kind, class and model.
  const gallery = document.getElementById('gallery');
  if (gallery) {
    const cards = $('[data-kind]', gallery);
    const kind = gallery.querySelector('[data-filter=kind]');
    const klass = gallery.querySelector('[data-filter=class]');
    const model = gallery.querySelector('[data-filter=model]');
    const told = gallery.querySelector('[data-count]');
    const empty = gallery.querySelector('[data-empty]');
    const more = gallery.querySelector('[data-more]');
    const few = Number(gallery.dataset.first);
    let everything = cards.length <= few;
    const filter = () => {
      let shown = 0;
      let fitting = 0;
      for (const card of cards) {
        const fits = (!kind.value || card.dataset.kind === kind.value)
          && (!klass.value || card.dataset.classes.split(' ').includes(klass.value))
          && (!model || !model.value || card.dataset.model === model.value);
        if (fits) fitting++;
        card.hidden = !fits || (!everything && fitting > few);
        if (!card.hidden) shown++;
      }
      told.textContent = shown + ' of ' + fitting + ' shown';
      more.hidden = fitting <= few;
      more.textContent = everything ? 'Show fewer' : 'Show all ' + fitting;
      more.setAttribute('aria-expanded', String(everything));
      empty.hidden = shown > 0;
    };
    for (const control of [kind, klass, model]) if (control) control.addEventListener('change', filter);
    more.addEventListener('click', () => { everything = !everything; filter(); });
    $('[data-tools]', gallery).forEach((tools) => { tools.hidden = false; });
    filter();
  }

  // Copying the command.
  for (const copy of $('[data-copy]')) {
    if (!navigator.clipboard) continue;
    copy.hidden = false;
    copy.addEventListener('click', () => {
      navigator.clipboard.writeText(copy.previousElementSibling.textContent)
        .then(() => { copy.textContent = 'Copied'; }, () => { copy.textContent = 'Copying was refused'; });
    });
  }

  // Tips on the marks of charts.
  const tip = document.getElementById('tip');
  const hide = () => { tip.hidden = true; };
  document.addEventListener('pointerover', (event) => {
    const mark = event.target instanceof Element ? event.target.closest('[data-tip]') : null;
    if (!mark || mark.dataset.tip === '') return hide();
    tip.textContent = mark.dataset.tip;
    tip.hidden = false;
    const wide = tip.offsetWidth, high = tip.offsetHeight;
    const left = Math.min(Math.max(8, event.clientX - wide / 2), innerWidth - wide - 8);
    const top = event.clientY > high + 24 ? event.clientY - high - 14 : event.clientY + 18;
    // Assigning single properties is no inline style to the policy.
    tip.style.left = left + 'px';
    tip.style.top = top + 'px';
  });
  document.addEventListener('scroll', hide, true);
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') hide(); });
  // On paper nothing may hide in a closed part.
  addEventListener('beforeprint', () => { for (const part of $('details')) part.open = true; });
})();
`;
