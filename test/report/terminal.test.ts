import { describe, expect, it } from 'vitest';

import type { ReportDocument } from '../../src/report/document/document.js';
import { answerLine, plainFace, renderTerminal } from '../../src/report/document/terminal.js';

const document: ReportDocument = {
  title: 'int8 against float',
  lead: null,
  sections: [
    {
      id: 'answer',
      heading: null,
      faces: 'everywhere',
      blocks: [
        { kind: 'answer', tone: 'fail', said: 'FAIL: int8 must not ship.', more: ['float passes.'] },
        {
          kind: 'table',
          label: 'Gates',
          columns: [
            { head: 'Model' },
            { head: 'Measured' },
            { head: 'Verdict' },
            { head: 'Images', wide: true },
          ],
          rows: [
            [
              'a model with a long name',
              { text: '1.2 points', detail: 'by the interval' },
              { text: 'Fail', badge: 'fail' },
              '500',
            ],
            ['\u001b[2Jint8', '0 points', { text: 'Pass', badge: 'pass' }, '500'],
          ],
        },
      ],
    },
  ],
};

describe('a document on a terminal', () => {
  it('says its verdict in the first line and in the last, with a sign', () => {
    const lines = renderTerminal(document, plainFace, ['Report: x']).trim().split('\n');
    expect(lines[0]).toBe('✗ FAIL: int8 must not ship.');
    expect(lines.at(-1)).toBe('✗ FAIL: int8 must not ship.');
    expect(lines).toContain('Report: x');
    expect(answerLine(document)).toBe('✗ FAIL: int8 must not ship.');
  });

  it.each([20, 30, 40])('in %i columns a table that would be wider becomes a list', (columns) => {
    const text = renderTerminal(document, { ...plainFace, columns });
    expect(text).toContain('a model with a long name\n  Measured: 1.2 points\n  Verdict: Fail');
  });

  it('in such a list a cell without words takes no line', () => {
    const rows = [
      ['int8', '0.5'],
      ['', '0.7'],
    ];
    const table = {
      kind: 'table',
      label: 'x',
      columns: [{ head: 'Model' }, { head: 'Drop' }],
      rows,
    } as const;
    const text = renderTerminal(
      { ...document, sections: [{ ...document.sections[0]!, blocks: [table] }] },
      { ...plainFace, columns: 5 },
    );
    expect(text.trim()).toBe('int8\n  Drop: 0.5\n  Drop: 0.7');
  });

  it('shows a table where it fits, details only when asked for', () => {
    expect(renderTerminal(document, { ...plainFace, columns: 60 })).toMatch(
      /^a model with a long name {2}1\.2 points {2}Fail$/m,
    );
    expect(renderTerminal(document, { ...plainFace, columns: 90, verbose: true })).toMatch(
      /1\.2 points \(by the interval\) {2}Fail {5}500$/m,
    );
  });

  it('colours verdicts, and lets no text of a file steer the terminal', () => {
    const text = renderTerminal(document, { ...plainFace, paint: (words, tone) => `<${tone}>${words}</>` });
    expect(text).toContain('<fail>✗ FAIL: int8 must not ship.</>');
    expect(text).toMatch(/<pass>Pass *<\/>/);
    expect(text).not.toContain('\u001b');
  });
});
