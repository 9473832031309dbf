import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a request must show: the token of the printed link, and that it was made for this server by its own page. */
export interface Access {
  /** Hexadecimal; in the link's query as `t`. */
  readonly token: string;
  readonly port: number;
}

export interface Refusal {
  readonly status: 403 | 405;
  readonly why: string;
}

/**
 * Why a request is refused; null where it may pass. The host is checked because another site's name can be made to lead
 * to the loopback address (DNS rebinding), the origin because other pages may call it.
 */
export function refusalOf(
  { method, headers, query }: { method: string; headers: IncomingHttpHeaders; query: URLSearchParams },
  { token, port }: Access,
): Refusal | null {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, why: 'this server is only read from' };
  if (!own.includes(headers.host ?? '')) return { status: 403, why: 'the host is another one' };
  const { origin } = headers;
  if (origin !== undefined && !own.some((host) => origin === `http://${host}`))
    return { status: 403, why: 'the request comes from another page' };
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return { status: 403, why: 'the request comes from another site' };
  if (!same(query.get('t') ?? '', token))
    return { status: 403, why: 'the token is missing or wrong: use the link that the terminal shows' };
  return null;
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
