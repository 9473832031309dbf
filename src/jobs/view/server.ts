import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ImageError } from '../../domain/errors.js';
import { refusalOf, type Access } from './access.js';
import type { News, RunDescription } from '../../page/answers.js';
import { steps, type Step } from '../../page/images.js';
import type { OpenRun } from './open-run.js';
import { imageColumns, imageDetail } from './viewed-run.js';

/** Milliseconds between two looks at a run that is going on. */
const FOLLOW_MS = 1000;

export interface ViewServer {
  /** With its token; whoever has it may look. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves runs to a browser of this machine, to be read only. It listens on the loopback address alone, on a free port
 * unless one is given; what it answers comes from the opened runs, never from a path that a request names.
 *
 * @param page the page's markup, with what its scripts need inside
 * @throws the system's error where the port can't be had
 */
export async function serveRuns(
  runs: readonly OpenRun[],
  page: () => string,
  port: number,
): Promise<ViewServer> {
  const token = randomBytes(16).toString('hex');
  const server = createServer((request, response) => {
    void answer(request, response, runs, page, access).catch(() => {
      if (!response.headersSent)
        send(response, 500, 'text/plain; charset=utf-8', 'this is a bug in imagenet-eval');
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // A server that listens on a port has an address that is no string.
  const access: Access = { token, port: (server.address() as AddressInfo).port };
  return {
    url: `http://127.0.0.1:${access.port}/?t=${token}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(runs.map((run) => run.close()));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  runs: readonly OpenRun[],
  page: () => string,
  access: Access,
): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://localhost');
  const refusal = refusalOf({ method: request.method ?? '', headers: request.headers, query }, access);
  if (refusal !== null) {
    send(response, refusal.status, 'text/plain; charset=utf-8', refusal.why);
    return;
  }
  if (pathname === '/') {
    send(response, 200, 'text/html; charset=utf-8', page());
    return;
  }
  const [, at, what, place] = /^\/api\/runs(?:\/(\d+)\/(images|image|picture|follow)(?:\/(\d+))?)?$/.exec(
    pathname,
  ) ?? [null];
  if (pathname === '/api/runs') {
    sendJson(response, runs.map(describe));
    return;
  }
  const run = at === undefined ? undefined : runs[Number(at)];
  if (run === undefined) {
    send(response, 404, 'text/plain; charset=utf-8', 'there is nothing here');
    return;
  }
  const image = run.current().images[Number(place ?? -1)];
  switch (what) {
    case 'images': {
      sendJson(response, imageColumns(run.current(), Number(query.get('from') ?? 0)));
      return;
    }
    case 'follow': {
      follow(request, response, run);
      return;
    }
    case 'image': {
      sendFound(response, imageDetail(run.current(), Number(place)));
      return;
    }
    case 'picture': {
      const step = query.get('step') ?? 'crop';
      if (image === undefined || run.pictures?.has(image.id) !== true || !isStep(step)) {
        sendFound(response, null);
        return;
      }
      try {
        const jpeg = await run.pictures.jpeg(image.id, step);
        response.setHeader('Cache-Control', 'private, max-age=3600');
        send(response, 200, 'image/jpeg', jpeg);
        return;
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        send(response, 422, 'text/plain; charset=utf-8', error.message);
        return;
      }
    }
    default: {
      sendFound(response, null);
      return;
    }
  }
}

/** What the page shows of a run before its images: names, classes, whether pictures can be had. */
function describe(run: OpenRun): RunDescription {
  const { title, folder, models, classes, images } = run.current();
  return {
    ...{ title, folder, models, classes, images: images.length },
    running: run.progress() !== null,
    pictures: run.pictures === null ? run.noPictures : null,
  };
}

/** Server-sent events: progress of a run, until it ends or the page is closed. */
function follow(request: IncomingMessage, response: ServerResponse, run: OpenRun): void {
  response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const tell = async (): Promise<void> => {
    try {
      await run.refresh();
      const progress = run.progress();
      const news: News = { progress, images: run.current().images.length };
      response.write(`data: ${JSON.stringify(news)}\n\n`);
      if (progress === null) response.end();
    } catch {
      response.end();
    }
  };
  void tell();
  const timer = setInterval(() => void tell(), FOLLOW_MS);
  request.on('close', () => {
    clearInterval(timer);
  });
}

function isStep(text: string): text is Step {
  return (steps as readonly string[]).includes(text);
}

/** Nothing of these pages may be framed, sniffed, or load anything from elsewhere. */
const headers = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
} as const;

type ContentType = `${'text/plain' | 'text/html' | 'application/json'}; charset=utf-8` | 'image/jpeg';

function send(response: ServerResponse, status: number, type: ContentType, body: string | Uint8Array): void {
  response.writeHead(status, { ...headers, 'Content-Type': type });
  response.end(body);
}

function sendJson(response: ServerResponse, value: unknown): void {
  send(response, 200, 'application/json; charset=utf-8', JSON.stringify(value));
}

function sendFound(response: ServerResponse, value: unknown): void {
  if (value === null) send(response, 404, 'text/plain; charset=utf-8', 'there is nothing here');
  else sendJson(response, value);
}
