import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface UnreliableServer {
  readonly url: string;
  /** The Range header of each request so far, null where it had none. */
  readonly ranges: readonly (string | null)[];
}

/** A server on this machine that gives each request the next answer, the last one again and again. */
export async function unreliableServer(...answers: Answer[]): Promise<UnreliableServer> {
  const ranges: (string | null)[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(ranges.length, answers.length - 1)];
    ranges.push(request.headers.range ?? null);
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/net.onnx`, ranges };
}

function start(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
}

/** The file, or what a Range header asks of it. */
export function serves(file: Buffer): Answer {
  return (request, response) => {
    const from = start(request);
    const range = { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` };
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': file.length - from,
      ...(from > 0 ? range : {}),
    });
    response.end(file.subarray(from));
  };
}

/** The same, but the connection ends after so many bytes. */
export function breaksOff(file: Buffer, after: number): Answer {
  return (request, response) => {
    const from = start(request);
    const range = { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` };
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': file.length - from,
      ...(from > 0 ? range : {}),
    });
    response.write(file.subarray(from, from + after), () => setTimeout(() => response.destroy(), 20));
  };
}

/** The whole file, whatever is asked. */
export function ignoresRanges(file: Buffer): Answer {
  return (_, response) => response.writeHead(200, { 'content-length': file.length }).end(file);
}

/** The file in pieces, without saying how long it is. */
export function hidesLength(file: Buffer): Answer {
  return (_, response) => {
    response.writeHead(200);
    response.write(file.subarray(0, file.length / 2));
    response.end(file.subarray(file.length / 2));
  };
}

export function says(status: number, headers: Record<string, string> = {}, body = ''): Answer {
  return (_, response) => response.writeHead(status, headers).end(body);
}

/** The file in so many pieces with a pause after each. */
export function trickles(file: Buffer, pieces: number, pauseMs: number): Answer {
  return (_, response) => {
    response.writeHead(200, { 'content-length': file.length });
    const length = Math.ceil(file.length / pieces);
    const send = (from: number): void => {
      response.write(file.subarray(from, from + length));
      if (from + length >= file.length) response.end();
      else setTimeout(send, pauseMs, from + length);
    };
    send(0);
  };
}

/** Takes the request and never answers. */
export const fallsSilent: Answer = () => undefined;
