/**
 * Fuzzes a decoder beside the library whose bytes it gives: what the library refuses must be refused, what both take
 * must have the same bytes. Prints every difference with the seed that makes it again, and ends with 1 where there is
 * one that no list excuses.
 *
 *     npx tsx packages/pixels/fuzz/main.ts --python PYTHON [--peer pillow|opencv|tensorflow] [--count 5000] [--seed 1]
 *         [--images FOLDER] [--keep FOLDER] [--only SEED] [--write FILE]
 *
 * `--write` keeps the library's answers: test/fixtures/damaged-pillow.json and damaged-tensorflow.json are those of
 * `--count 1000`, for damaged.test.ts.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decode } from '../src/decode.js';
import { ImageError } from '../src/errors.js';
import { decodeNames } from '../src/recipe.js';
import { damagedFile, type WholeFile } from './damage.js';
import { excuseFor } from './excuses.js';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    peer: { type: 'string', default: 'pillow' },
    count: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    images: { type: 'string' },
    keep: { type: 'string' },
    only: { type: 'string' },
    write: { type: 'string' },
  },
});

interface Answer {
  readonly width?: number;
  readonly height?: number;
  readonly sha256?: string;
  readonly error?: string;
}

const fixtures = fileURLToPath(new URL('../test/fixtures/images/', import.meta.url));
/** Files too slow to decode thousands of times, or no images. */
const left = /^(bomb|other|empty|text|make|expected|resized)/;

function filesOf(folder: string): WholeFile[] {
  return readdirSync(folder)
    .filter((name) => /\.(jpe?g|png)$/i.test(name) && !left.test(name))
    .sort()
    .map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]);
}

const isJpeg = (file: Uint8Array): boolean => file[0] === 0xff;

function wholeFiles(): WholeFile[] {
  const files = [...filesOf(fixtures), ...(options.images === undefined ? [] : filesOf(options.images))];
  return options.peer === 'tensorflow' ? files.filter(([, file]) => isJpeg(file)) : files;
}

const whole = wholeFiles();
const decoder = decodeNames.find((name) => name.startsWith(options.peer)) ?? 'pillow';

async function ours(file: Uint8Array): Promise<Answer> {
  try {
    const { width, height, data } = await decode(file, decoder);
    return { width, height, sha256: createHash('sha256').update(data).digest('hex') };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return { error: `${error.code}: ${error.what}` };
  }
}

const peer = spawn(options.python, [fileURLToPath(new URL('peer.py', import.meta.url)), options.peer], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const answers = createInterface(peer.stdout)[Symbol.asyncIterator]();

async function nextAnswer<T>(): Promise<T> {
  const line = await answers.next();
  if (line.done === true) throw new Error('the peer ended');
  return JSON.parse(line.value) as T; // peer.py writes this shape
}

async function theirs(file: Uint8Array): Promise<Answer> {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(file.length);
  peer.stdin.write(Buffer.concat([head, file]));
  return nextAnswer();
}

const outcomes = [
  'same bytes',
  'both refuse',
  'only ours takes it',
  'only ours refuses',
  'other bytes',
] as const;

function outcome(mine: Answer, other: Answer): (typeof outcomes)[number] {
  if (mine.error !== undefined) return other.error !== undefined ? 'both refuse' : 'only ours refuses';
  if (other.error !== undefined) return 'only ours takes it';
  return mine.sha256 === other.sha256 && mine.width === other.width ? 'same bytes' : 'other bytes';
}

const { version } = await nextAnswer<{ version: string }>();
const first = Number(options.only ?? options.seed);
const count = options.only === undefined ? Number(options.count) : 1;
const tally = new Map<string, number>(outcomes.map((name) => [name, 0]));
const excused = new Map<string, number>();
const answersBySeed: Record<number, string | null> = {};
let differences = 0;
for (let seed = first; seed < first + count; seed++) {
  const { story, file } = damagedFile(seed, whole);
  const [mine, other] = await Promise.all([ours(file), theirs(file)]);
  answersBySeed[seed] = other.sha256?.slice(0, 16) ?? null;
  const name = outcome(mine, other);
  tally.set(name, tally.get(name)! + 1);
  if (name === 'same bytes' || name === 'both refuse') continue;
  const reason = name === 'only ours refuses' ? excuseFor(mine.error!) : undefined;
  if (reason !== undefined) {
    excused.set(reason, (excused.get(reason) ?? 0) + 1);
    continue;
  }
  differences += 1;
  console.log(`${name}: seed ${seed}, ${story}`);
  console.log(`    ours   ${mine.error ?? `${mine.width}x${mine.height} ${mine.sha256!.slice(0, 12)}`}`);
  console.log(
    `    ${options.peer} ${other.error ?? `${other.width}x${other.height} ${other.sha256!.slice(0, 12)}`}`,
  );
  if (options.keep !== undefined) {
    mkdirSync(options.keep, { recursive: true });
    writeFileSync(join(options.keep, `${seed}.${isJpeg(file) ? 'jpg' : 'png'}`), file);
  }
}
peer.stdin.end();
if (options.write !== undefined) {
  const answered = { library: version, files: whole.map(([name]) => name), answers: answersBySeed };
  writeFileSync(options.write, `${JSON.stringify(answered)}\n`);
}
console.log(
  `${count} damaged files beside ${version}: ${[...tally].map(([name, n]) => `${n} ${name}`).join(', ')}`,
);
for (const [reason, n] of excused) console.log(`    ${n} of those that only ours refuses: ${reason}`);
console.log(`${differences} differences without a reason`);
process.exitCode = differences === 0 ? 0 : 1;
