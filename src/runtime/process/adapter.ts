import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

import { ModelError, messageOf } from '../../domain/errors.js';
import { handshakeSchema, type Handshake } from './handshake.js';
import type { AdapterCommand } from './plan.js';

/** Lines of standard error that a fault quotes. */
const QUOTED_LINES = 12;
const QUOTED_BYTES = 4096;
/** Longest first line. */
const LINE_BYTES = 65_536;
/** What an adapter has to end by itself, in ms, before it is killed. */
const GRACE = 2000;

interface Wanted {
  /** Bytes that satisfy it, or null where more are needed. */
  readonly take: (buffered: Buffer) => number | null;
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (error: ModelError) => void;
}

/**
 * A running adapter: says what it is in a line, then answers batches. Whatever it does wrong becomes a ModelError that quotes
 * its last lines of standard error, and ends it; no call waits longer than its time.
 */
export class Adapter {
  private readonly child: ChildProcessWithoutNullStreams;
  private buffered: Buffer = Buffer.alloc(0);
  private wanted: Wanted | null = null;
  private failure: ModelError | null = null;
  private said = '';
  private readonly closed: Promise<void>;
  private readonly kill = (): void => {
    this.signal('SIGKILL');
  };

  constructor(
    private readonly options: AdapterCommand,
    private readonly where: string,
    threads: number,
  ) {
    const [program = '', ...args] = options.command;
    this.child = spawn(program, args, {
      stdio: 'pipe',
      // Its own group: Ctrl-C in the terminal ends the run in order, not the adapter under it.
      detached: process.platform !== 'win32',
      env: { ...process.env, IMAGENET_EVAL_THREADS: String(threads) },
    });
    process.once('exit', this.kill);
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.said = (this.said + chunk.toString()).slice(-QUOTED_BYTES);
    });
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.buffered = this.buffered.length === 0 ? chunk : Buffer.concat([this.buffered, chunk]);
      this.serve();
    });
    // A process that is gone does not read; its end tells why.
    this.child.stdin.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.child.on('error', (cause) => {
        this.fail('adapter-not-started', `can't be started: ${messageOf(cause)}`);
        resolve();
      });
      this.child.on('close', (code, signal) => {
        process.removeListener('exit', this.kill);
        this.fail('adapter-died', `ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}`);
        resolve();
      });
    });
  }

  /** What it says of itself first. @throws ModelError where it says nothing in time, or no such line */
  async handshake(): Promise<Handshake> {
    const take = (buffered: Buffer): number | null => {
      const end = buffered.indexOf(0x0a);
      if (end >= 0) return end + 1;
      return buffered.length > LINE_BYTES ? buffered.length : null;
    };
    const line = await this.read(take, this.options.startTimeoutSeconds, 'its first line');
    const text = line.toString('utf8').trim();
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      throw this.garbage(`began with a line that is no JSON: ${quote(text)}`);
    }
    const result = handshakeSchema.safeParse(parsed);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw this.garbage(
      `says ${issue!.path.join('.') || 'something'} wrongly in its first line: ${issue!.message}`,
    );
  }

  /**
   * Sends a batch and reads its scores.
   * @param dims of the batch, four of them
   * @param rowBytes bytes of one image's scores
   */
  async exchange(batch: Uint8Array, dims: readonly number[], rowBytes: number): Promise<Buffer> {
    const [rows = 0] = dims;
    if (this.buffered.length > 0)
      throw this.garbage(`wrote ${this.buffered.length} bytes that nobody had asked for`);
    const header = Buffer.alloc(4 + 4 * dims.length);
    [header.length - 4 + batch.byteLength, ...dims].forEach((value, index) =>
      header.writeUInt32LE(value, 4 * index),
    );
    this.child.stdin.write(header);
    this.child.stdin.write(batch);
    const seconds = this.options.batchTimeoutSeconds;
    const length = await this.read(atLeast(4), seconds, `the scores of ${rows} images`);
    const announced = length.readUInt32LE();
    if (announced !== rows * rowBytes) throw this.wrongLength(announced, rows, rowBytes);
    return this.read(atLeast(announced), seconds, `the scores of ${rows} images`);
  }

  /** A fault in what it gave; it is ended, for nothing more of it can be believed. */
  garbage(what: string, code = 'adapter-garbage'): ModelError {
    this.fail(code, what);
    this.kill();
    return this.failure!;
  }

  /** Closes its input, and kills it where it does not end by itself. */
  async end(): Promise<void> {
    this.child.stdin.end();
    const timer = setTimeout(this.kill, GRACE);
    await this.closed;
    clearTimeout(timer);
  }

  private wrongLength(announced: number, rows: number, rowBytes: number): ModelError {
    const given = announced / rowBytes;
    return Number.isInteger(given) && given < 100 * rows
      ? this.garbage(
          `gave ${given} rows of scores for ${rows} images: too ${given < rows ? 'few' : 'many'}`,
          'adapter-rows',
        )
      : this.garbage(`announced ${announced} bytes where ${rows} rows of ${rowBytes} bytes are due`);
  }

  /** Bytes from its standard output, as many as `take` says. */
  private async read(take: Wanted['take'], seconds: number, due: string): Promise<Buffer> {
    if (this.failure !== null) throw this.failure;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        this.wanted = { take, resolve, reject };
        timer = setTimeout(() => {
          this.fail('adapter-stalled', `did not give ${due} within ${seconds} s`);
          this.kill();
        }, seconds * 1000);
        this.serve();
      });
    } finally {
      clearTimeout(timer);
      this.wanted = null;
    }
  }

  private serve(): void {
    const bytes = this.wanted?.take(this.buffered) ?? null;
    if (this.wanted === null || bytes === null) return;
    const { resolve } = this.wanted;
    this.wanted = null;
    const taken = this.buffered.subarray(0, bytes);
    this.buffered = this.buffered.subarray(bytes);
    resolve(taken);
  }

  private fail(code: string, what: string): void {
    if (this.failure !== null) return;
    const lines = this.said.trim().split('\n').slice(-QUOTED_LINES);
    const quoted =
      this.said.trim() === '' ? '' : `; its last lines:\n${lines.map((l) => `    ${l}`).join('\n')}`;
    this.failure = new ModelError({
      code,
      what: `the adapter ${what}${quoted}`,
      where: this.where,
      remedy: `Try it by hand: ${this.options.command.join(' ')} (docs/adapters.md says what it has to write).`,
    });
    this.wanted?.reject(this.failure);
  }

  private signal(signal: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    try {
      if (process.platform === 'win32') this.child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

function atLeast(bytes: number): Wanted['take'] {
  return (buffered) => (buffered.length >= bytes ? bytes : null);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}
