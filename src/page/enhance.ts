/** What a report's page does without the list of images: theme, sorting, search, copying, tips and doors of charts. */
export function enhance(): void {
  theme();
  for (const box of all<HTMLElement>('[data-table]')) sortable(box);
  copying();
  tips();
  // On paper nothing may hide in a closed part.
  addEventListener('beforeprint', () => {
    for (const part of all<HTMLDetailsElement>('details')) part.open = true;
  });
}

function all<T extends Element>(selector: string, root: ParentNode = document): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

function plain(text: string): string {
  return text.normalize('NFKD').toLowerCase();
}

const themes = ['auto', 'light', 'dark'] as const;

/** Auto, light, dark. From a disk, storage may be refused: the choice then lasts as long as the page. */
function theme(): void {
  const root = document.documentElement;
  const button = document.getElementById('theme');
  if (button === null) return;
  const set = (name: string): void => {
    if (name === 'auto') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', name);
    button.textContent = `Theme: ${name}`;
    try {
      localStorage.setItem('theme', name);
    } catch {
      // Said above.
    }
  };
  const now = (): number => themes.findIndex((name) => name === (root.getAttribute('data-theme') ?? 'auto'));
  set(themes.find((name) => name === remembered()) ?? 'auto');
  button.hidden = false;
  button.addEventListener('click', () => {
    set(themes[(now() + 1) % themes.length]!);
  });
}

function remembered(): string | null {
  try {
    return localStorage.getItem('theme');
  } catch {
    return null;
  }
}

/** A table: sorted by a column's button, searched by its first column, its first rows shown or all. */
function sortable(box: HTMLElement): void {
  const body = box.querySelector('tbody');
  const search = box.querySelector<HTMLInputElement>('input[type=search]');
  const more = box.querySelector<HTMLButtonElement>('[data-more]');
  const told = box.querySelector('[data-count]');
  if (body === null || search === null || more === null || told === null) return;
  const rows = all<HTMLTableRowElement>('tr', body);
  const heads = all<HTMLTableCellElement>('thead th', box);
  const few = Number(box.dataset['table']);
  const noun = box.dataset['noun'] ?? '';
  const texts = new Map(rows.map((row) => [row, plain(row.cells[0]?.textContent ?? '')]));
  let whole = rows.length <= few;
  let order = rows;
  const show = (): void => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    const found = order.filter((row) => words.every((word) => texts.get(row)?.includes(word)));
    const visible = new Set(whole ? found : found.slice(0, few));
    for (const row of rows) row.hidden = !visible.has(row);
    const counted = found.length === rows.length ? `${rows.length} ${noun}` : `${found.length} found`;
    told.textContent = visible.size === rows.length ? counted : `${visible.size} of ${counted}`;
    more.hidden = found.length <= few;
    more.textContent = whole ? `Show the first ${few}` : `Show all ${found.length}`;
    more.setAttribute('aria-expanded', String(whole));
  };
  const value = (row: HTMLTableRowElement, at: number): number | string => {
    const cell = row.cells[at];
    const given = cell?.dataset['v'];
    return given === undefined ? plain(cell?.textContent ?? '') : Number(given);
  };
  heads.forEach((head, at) => {
    head.querySelector('button')?.addEventListener('click', () => {
      const sorted = head.getAttribute('aria-sort');
      const numeric = rows[0]?.cells[at]?.dataset['v'] !== undefined;
      const up = sorted === null ? !numeric || head.dataset['first'] === 'up' : sorted === 'descending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const keys = new Map(rows.map((row) => [row, value(row, at)]));
      order = [...rows].sort((a, b) => {
        const [x, y] = [keys.get(a)!, keys.get(b)!];
        return (x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1);
      });
      body.append(...order);
      show();
    });
  });
  search.addEventListener('input', show);
  more.addEventListener('click', () => {
    whole = !whole;
    show();
  });
  for (const tools of all<HTMLElement>('[data-tools]', box)) tools.hidden = false;
  show();
}

function copying(): void {
  for (const button of all<HTMLButtonElement>('[data-copy]')) {
    // Not there on pages that the browser does not trust with it.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard === undefined) continue;
    button.hidden = false;
    button.addEventListener('click', () => {
      clipboard.writeText(button.previousElementSibling?.textContent ?? '').then(
        () => (button.textContent = 'Copied'),
        () => (button.textContent = 'Copying was refused'),
      );
    });
  }
}

/** Tips on the marks of charts; a mark that is a door opens its list of images. */
function tips(): void {
  const tip = document.getElementById('tip');
  if (tip === null) return;
  const hide = (): void => {
    tip.hidden = true;
  };
  const mark = (event: Event): SVGElement | null =>
    event.target instanceof Element ? event.target.closest<SVGElement>('[data-tip]') : null;
  document.addEventListener('pointerover', (event) => {
    const text = mark(event)?.dataset['tip'] ?? '';
    if (text === '') {
      hide();
      return;
    }
    tip.textContent = text;
    tip.hidden = false;
    const { offsetWidth: wide, offsetHeight: high } = tip;
    const left = Math.min(Math.max(8, event.clientX - wide / 2), innerWidth - wide - 8);
    const top = event.clientY > high + 24 ? event.clientY - high - 14 : event.clientY + 18;
    // Assigning single properties is no inline style to the policy.
    tip.style.left = `${left}px`;
    tip.style.top = `${top}px`;
  });
  document.addEventListener('click', (event) => {
    const door = mark(event)?.dataset['door'];
    if (door !== undefined) location.hash = door;
  });
  document.addEventListener('scroll', hide, true);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') hide();
  });
}
