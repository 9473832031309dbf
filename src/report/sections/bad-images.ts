import type { Block } from '../document/document.js';
import { count } from '../figures.js';
import type { Summary } from '../summary-schema.js';

/** Bad images listed in a report; all of them are in summary.json. */
const LISTED = 100;

/** The images that could not be used; nothing where all could. */
export function badImageTable(bad: Summary['dataset']['badImages']): Block[] {
  if (bad.length === 0) return [];
  const more = bad.length - LISTED;
  return [
    {
      kind: 'only',
      faces: 'written',
      blocks: [
        {
          kind: 'table',
          label: 'Images that could not be used',
          columns: [{ head: 'Image', breaks: true }, { head: 'Code' }, { head: 'What was wrong' }],
          rows: bad.slice(0, LISTED).map(({ id, code, message }) => [[{ code: id }], [{ code }], message]),
        },
        ...(more > 0
          ? [{ kind: 'paragraph', quiet: true, text: `and ${count(more)} more, in summary.json.` } as const]
          : []),
      ],
    },
  ];
}
