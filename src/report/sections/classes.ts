import { wilsonInterval } from '../../metrics/interval.js';
import { classNamer } from '../class-name.js';
import { classTable, type ClassRow } from '../class-table.js';
import { addressOf } from '../../page/filter.js';
import { pageSection, type Block, type Cell, type Column, type Section } from '../document/document.js';
import { count, percent, signed } from '../figures.js';
import type { Report } from '../report.js';

/** Rows shown before "show all". */
const FIRST = 25;

/** The per-class table: sortable, searchable, every share with its counts; classes without images are left out. */
export function classesSection(report: Report): Section {
  return pageSection({ id: 'classes', heading: 'Class by class', nav: 'Classes' }, () => classBlocks(report));
}

function classBlocks({ record, summary }: Report): Block[] {
  const nameOf = classNamer(record.dataset.classes);
  const { models } = summary;
  const first = models.findIndex(({ comparison }) => comparison !== null);
  // It opens sorted by a figure that it shows: images lost, else images right.
  const by =
    first === -1
      ? 2
      : 2 + first + models.slice(0, first + 1).filter(({ comparison }) => comparison !== null).length;
  const flagged = models.map(({ comparison }) => new Set(comparison?.classDrift.flagged));
  const columns: Column[] = [
    { head: 'Class' },
    { head: 'Images', numeric: true },
    ...models.flatMap(({ name, comparison }): Column[] => [
      { head: name, numeric: true, worstFirst: true },
      ...(comparison === null
        ? []
        : [{ head: models.length > 2 ? `Change of ${name}` : 'Change', numeric: true, worstFirst: true }]),
    ]),
  ];
  const row = ({ class: index, wnid, name, images, models: figures }: ClassRow): Cell[] => [
    {
      text: [{ text: nameOf(index), door: addressOf({ classes: [index] }) }],
      note: nameOf(index) === name ? wnid : `${wnid} · ${name}`,
    },
    { text: count(images), value: images },
    ...figures.flatMap(({ top1, drift }, place): Cell[] => {
      const { lower, upper } = wilsonInterval(top1, images);
      return [
        {
          text: percent((100 * top1) / images, images >= 100 ? 1 : 0),
          note: `${top1} · ${(100 * lower).toFixed(0)}–${(100 * upper).toFixed(0)}`,
          value: top1 / images,
        },
        ...(drift === null
          ? []
          : [
              {
                text: signed(drift.gained - drift.lost, 0),
                note: `+${drift.gained} −${drift.lost}`,
                value: drift.gained - drift.lost,
                ...(flagged[place]!.has(index)
                  ? { tone: drift.gained < drift.lost ? ('down' as const) : ('up' as const) }
                  : {}),
              },
            ]),
      ];
    }),
  ];
  const sortKey = ({ models: figures, images }: ClassRow): number => {
    const drift = figures[first]?.drift;
    return drift == null ? (figures[0]?.top1 ?? 0) / images : drift.gained - drift.lost;
  };
  const rows = classTable(record, summary)
    .filter(({ images }) => images > 0)
    .sort((a, b) => sortKey(a) - sortKey(b) || a.class - b.class);
  return [
    {
      kind: 'paragraph',
      text: `Top-1 in each class: share, images right, and Wilson's 95 % interval in percent.${first === -1 ? '' : ' Change: images gained less images lost, in colour where that is beyond chance.'} Top-5 and p-values are in classes.csv.`,
    },
    {
      kind: 'table',
      label: 'Class by class',
      columns,
      rows: rows.map(row),
      sortable: { noun: 'classes', by, first: FIRST },
    },
  ];
}
