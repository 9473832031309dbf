import { z } from 'zod';
import type { ImageId } from '../domain/domain.js';
import { ByteReader, ByteWriter } from './byte-stream.js';

/**
 * Names as patterns with a number, of which ILSVRC's need one: a pattern is what stands before and after the last group
 * of digits, and how many digits there are. A name then is its pattern and the step from the last number.
 */
export function encodeNames(names: readonly ImageId[]): Buffer {
  const patterns = new Map<string, number>();
  const writer = new ByteWriter();
  const body = new ByteWriter();
  let last = 0;
  for (const name of names) {
    const { before, digits, after } = split(name);
    const pattern = JSON.stringify([before, digits.length, after]);
    if (!patterns.has(pattern)) patterns.set(pattern, patterns.size);
    body.varint(patterns.get(pattern)!);
    body.signed(Number(digits) - last);
    last = Number(digits);
  }
  writer.varint(patterns.size);
  for (const pattern of patterns.keys()) writer.text(pattern);
  writer.varint(names.length);
  writer.block(body.bytes);
  return writer.bytes;
}

/** @throws an Error if `encodeNames` did not make these bytes */
export function decodeNames(bytes: Buffer): ImageId[] {
  const reader = new ByteReader(bytes);
  const patterns = Array.from({ length: reader.varint() }, () => parsePattern(reader.text()));
  let last = 0;
  return Array.from({ length: reader.varint() }, () => {
    const pattern = patterns[reader.varint()];
    if (pattern === undefined) throw new RangeError('Expected a pattern of the list');
    last += reader.signed();
    const digits = pattern.digits === 0 ? '' : String(last).padStart(pattern.digits, '0');
    return `${pattern.before}${digits}${pattern.after}`;
  });
}

function split(name: string): { before: string; digits: string; after: string } {
  const {
    before = name,
    digits = '',
    after = '',
  } = /^(?<before>.*?)(?<digits>\d{1,12})(?<after>\D*)$/s.exec(name)?.groups ?? {};
  return { before, digits, after };
}

const patternShape = z.tuple([z.string(), z.number(), z.string()]);

function parsePattern(text: string): { before: string; digits: number; after: string } {
  const [before, digits, after] = patternShape.parse(JSON.parse(text));
  return { before, digits, after };
}
