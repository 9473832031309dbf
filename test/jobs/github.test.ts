import { describe, expect, it } from 'vitest';

import { gateAnnotations, annotation } from '../../src/report/formats/github-annotations.js';
import { stepSummary } from '../../src/report/formats/github-summary.js';
import { gateCases } from '../../src/report/formats/junit.js';
import type { ReportDocument } from '../../src/report/document/document.js';
import { gatesSection } from '../../src/report/sections/gates.js';
import type { GateReport } from '../../src/report/gate-schema.js';

function report(status: 'pass' | 'fail' | 'undecided', undecidedIs: 'fail' | 'pass' = 'fail'): GateReport {
  return {
    undecidedIs,
    models: [
      {
        model: 'net|1\n::error::x',
        against: 'float',
        verdicts: [
          {
            gate: 'max_flip_rate',
            status,
            unit: 'percent',
            limit: 1,
            measured: 3,
            interval: null,
            basis: 'exact',
            images: 500,
            population: 500,
            pWithin: null,
            imagesToDecide: null,
            rule: 'at most 1 percent of images',
          },
        ],
        findings: [{ code: 'tied-scores', text: 'tied top scores on 335 of 500 images' }],
      },
    ],
  };
}

function document(gates: GateReport, more: readonly string[] = []): ReportDocument {
  const blocks = more.map((text) => ({ kind: 'paragraph', text }) as const);
  return {
    title: 'a check',
    lead: null,
    sections: [...gatesSection(gates), { id: 'more', heading: null, faces: 'written', blocks }],
  };
}

describe('GitHub', () => {
  it('is told of a failed gate as an error, with what explains it', () => {
    const [line] = gateAnnotations(report('fail'));
    expect(line).toMatch(/^::error title=/);
    expect(line).toContain('tied top scores on 335');
  });

  it('is told nothing of a gate that passes', () => {
    expect(gateAnnotations(report('pass'))).toEqual([]);
  });

  it('is told of an undecided gate as it counts', () => {
    expect(gateAnnotations(report('undecided'))[0]).toMatch(/^::error /);
    expect(gateAnnotations(report('undecided', 'pass'))[0]).toMatch(/^::warning /);
  });

  it('gets one line whatever a model is called', () => {
    const [line] = gateAnnotations(report('fail'));
    expect(line).not.toContain('\n');
    expect(line!.match(/::/g)).toHaveLength(2);
    expect(line).toContain('net|1%0A%3A%3Aerror%3A%3Ax');
  });

  it('reads back percent signs, colons and commas', () => {
    expect(annotation('notice', 'a: b, 1 %', '100 %\r\nrest')).toBe(
      '::notice title=a%3A b%2C 1 %25::100 %25%0D%0Arest',
    );
  });

  it('gets a step summary whose table a name cannot break', () => {
    const row = stepSummary(document(report('fail')), 'fail')
      .split('\n')
      .find((line) => line.includes('net'));
    expect(row).toContain('net\\|1');
  });

  it('gets no step summary beyond what it takes', () => {
    const long = ['x'.repeat(900_000), 'y'.repeat(900_000)];
    const text = stepSummary(document(report('pass'), long), 'pass');
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toContain('too long for a step summary');
  });
});

describe('JUnit', () => {
  it('has an undecided gate fail or be skipped, as it does to the exit code', () => {
    expect(gateCases(report('undecided'))[0]!.result.kind).toBe('failed');
    expect(gateCases(report('undecided', 'pass'))[0]!.result.kind).toBe('skipped');
  });
});
