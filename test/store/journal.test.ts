import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { StoreError } from '../../src/domain/errors.js';
import { Journal, readJournal } from '../../src/store/journal.js';
import type { JournalEntry } from '../../src/store/journal-entry.js';
import type { JournalHeader } from '../../src/store/journal-header.js';
import { headerOf, images, keyed, prediction } from './examples.js';
import { scratchFolder } from '../scratch.js';
import { sequenceOf } from './sequence.js';

const list = images(12);
const header = headerOf(list, [keyed('float'), keyed('int8')]);
const entries: JournalEntry[] = list.map((image) => ({
  kind: 'predictions',
  image,
  predictions: [0, 1].map((model) => ({ model, prediction: prediction(image, String(model)) })),
}));

async function write(
  folder: string,
  some: readonly JournalEntry[],
  more: Partial<JournalHeader> = {},
  fresh = false,
) {
  const found: JournalEntry[] = [];
  const onEntry = (entry: JournalEntry) => found.push(entry);
  const journal = await Journal.open({ folder, header: { ...header, ...more }, fresh, onEntry });
  for (const entry of some) journal.append(entry);
  await journal.close();
  return { found };
}

async function entriesIn(folder: string): Promise<JournalEntry[]> {
  const found: JournalEntry[] = [];
  await readJournal(folder, (entry) => found.push(entry));
  return found;
}

async function refusal(promise: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof StoreError)) throw new Error(`Expected a StoreError but received ${String(error)}`);
  return error;
}

test('what was appended is found again, bit for bit', async () => {
  const folder = scratchFolder();
  const odd: JournalEntry = {
    kind: 'predictions',
    image: { ...list[0]!, id: 'n01440764/größe "2"\n\u2028.JPEG' },
    predictions: [
      {
        model: 1,
        prediction: {
          classes: [3, 1, 2],
          scores: [Infinity, -0, Math.fround(0.1)],
          labelAbove: 3,
          labelTied: 997,
          tiedTop: 1,
          logSumExp: -Infinity,
          invalid: false,
        },
      },
      {
        model: 0,
        prediction: {
          classes: [],
          scores: [],
          labelAbove: 1000,
          labelTied: 0,
          tiedTop: 0,
          logSumExp: 0,
          invalid: true,
        },
      },
    ],
  };
  const bad: JournalEntry = {
    kind: 'bad',
    image: { ...list[1]!, sha256: null, code: 'image-unreadable', message: 'no such file' },
  };
  await write(folder, [...entries, odd, bad]);
  expect(await entriesIn(folder)).toEqual([...entries, odd, bad]);
});

test('a journal cut off at any byte goes on from its last whole line', async () => {
  const whole = scratchFolder();
  await write(whole, entries);
  const bytes = readFileSync(`${whole}/journal.jsonl`);
  const headerEnd = bytes.indexOf(0x0a) + 1;
  const random = sequenceOf('where a kill may come');
  const ends = Array.from(
    { length: 60 },
    () => headerEnd + Math.floor(random() * (bytes.length - headerEnd)),
  );
  for (const end of [headerEnd, headerEnd + 1, bytes.length - 1, ...ends]) {
    const folder = scratchFolder();
    writeFileSync(`${folder}/journal.jsonl`, bytes.subarray(0, end));
    const found = (await write(folder, [])).found.length;
    expect(found).toBe(bytes.subarray(headerEnd, end).filter((byte) => byte === 0x0a).length);
    await write(folder, entries.slice(found));
    expect(readFileSync(`${folder}/journal.jsonl`).equals(bytes)).toBe(true);
  }
});

test('zeros that a power cut leaves at the end are cut off', async () => {
  const folder = scratchFolder();
  await write(folder, entries);
  const bytes = readFileSync(`${folder}/journal.jsonl`);
  appendFileSync(`${folder}/journal.jsonl`, Buffer.alloc(4096));
  expect((await write(folder, [])).found).toHaveLength(entries.length);
  expect(readFileSync(`${folder}/journal.jsonl`)).toEqual(bytes);
});

test('a journal that a power cut left empty is begun again', async () => {
  const folder = scratchFolder();
  await write(folder, entries);
  truncateSync(`${folder}/journal.jsonl`, 0);
  expect((await write(folder, entries)).found).toEqual([]);
  expect(await entriesIn(folder)).toEqual(entries);
});

test('damage in the middle is refused by line, and --fresh gets over it', async () => {
  const folder = scratchFolder();
  await write(folder, entries);
  const bytes = readFileSync(`${folder}/journal.jsonl`);
  let line = 0;
  for (let row = 1; row < 5; row++) line = bytes.indexOf(0x0a, line) + 1;
  bytes[line + 30]! ^= 1;
  writeFileSync(`${folder}/journal.jsonl`, bytes);
  const error = await refusal(write(folder, []));
  expect(error.code).toBe('journal-damaged');
  expect(error.message).toContain('line 5');
  expect(error.remedy).toContain('--fresh');
  await write(folder, entries, {}, true);
  expect(await entriesIn(folder)).toHaveLength(entries.length);
});

test('a file that is no journal is refused and stays as it is', async () => {
  const folder = scratchFolder();
  writeFileSync(`${folder}/journal.jsonl`, 'dear diary\n');
  expect((await refusal(write(folder, []))).code).toBe('journal-format');
  expect(readFileSync(`${folder}/journal.jsonl`, 'utf8')).toBe('dear diary\n');
});

test('other settings are refused, each by name with its old and new value', async () => {
  const folder = scratchFolder();
  await write(folder, entries);
  const error = await refusal(
    write(folder, [], {
      settings: { dataset: 'val', ties: 'highest-index', subset: 'first 12' },
      models: [
        header.models[0]!,
        keyed('int8', { runtime: 'onnxruntime 1.31.0', cpuFlags: ['avx2', 'avx512_vnni'] }),
      ],
      shard: { index: 3, of: 8, images: 2 },
    }),
  );
  expect(error.code).toBe('settings-changed');
  expect(error.message.split('\n').slice(1, -1)).toEqual([
    '    ties: lowest-index -> highest-index',
    '    subset: (not stated) -> first 12',
    '    int8: runtime: onnxruntime 1.30.0 -> onnxruntime 1.31.0',
    '    int8: CPU flags: avx2 fma -> avx2 avx512_vnni',
    '    shard: none -> 3/8',
  ]);
  expect(error.remedy).toMatch(/another --out.*--fresh/);
});

test('another model or another list of images is refused by name', async () => {
  const folder = scratchFolder();
  await write(folder, entries);
  expect((await refusal(write(folder, [], { models: [keyed('float')] }))).message).toContain(
    'models: float, int8 -> float',
  );
  const fewer = headerOf(list.slice(1), header.models);
  expect((await refusal(write(folder, [], fewer))).message).toContain('images in the list: 12 -> 11');
  const relabelled = headerOf([{ ...list[0]!, label: 999 }, ...list.slice(1)], header.models);
  expect((await refusal(write(folder, [], relabelled))).message).toContain('names or labels of the images');
});

test('entries appended at once are on disk in their order after flush', async () => {
  const folder = scratchFolder();
  const journal = await Journal.open({ folder, header, fresh: false });
  const many = Array.from({ length: 3000 }, (_, at) => entries[at % entries.length]!);
  for (const entry of many) journal.append(entry);
  await journal.flush();
  expect(await entriesIn(folder)).toEqual(many);
  await journal.close();
});

test('a folder without a run is told so', async () => {
  const folder = scratchFolder();
  expect((await refusal(entriesIn(folder))).code).toBe('no-journal');
  expect(existsSync(`${folder}/journal.jsonl`)).toBe(false);
});
