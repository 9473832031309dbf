import { ModelError, messageOf } from '../domain/errors.js';

const maxRedirects = 8;

/** A transfer broke off or a server is busy: worth another try at the same address. */
export class Transient extends Error {}

/**
 * GET that follows redirects itself, so that none leads from https to http (except on this machine) or to another scheme.
 * Throws Transient where the connection fails, ModelError where a redirect is refused.
 */
export async function request(
  address: string,
  headers: Record<string, string>,
  fetchImpl: typeof fetch,
  signal: AbortSignal,
): Promise<Response> {
  let url = address;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const response = await fetchImpl(url, { headers, redirect: 'manual', signal }).catch((cause: unknown) => {
      throw new Transient(`${url}: ${reasonOf(cause)}`, { cause });
    });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || response.status === 304 || location === null) {
      return response;
    }
    await response.body?.cancel();
    const next = URL.canParse(location, url) ? new URL(location, url) : null;
    if (next === null || !allowed(new URL(url), next)) {
      throw new ModelError({
        code: 'redirect-refused',
        what: `the server redirects to ${JSON.stringify(location)}, which is not followed: ${next?.protocol === 'http:' ? 'it gives up encryption' : 'it is no http or https address'}`,
        where: url,
        remedy: 'Download the file by hand and give its path.',
      });
    }
    url = next.href;
  }
  throw new ModelError({
    code: 'too-many-redirects',
    what: `the server redirects more than ${maxRedirects} times`,
    where: address,
    remedy: 'Download the file by hand and give its path.',
  });
}

function allowed(from: URL, to: URL): boolean {
  if (to.protocol === 'https:') return true;
  return to.protocol === 'http:' && (from.protocol === 'http:' || isLoopback(to.hostname));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Node's fetch says only "fetch failed" and keeps the reason in `cause`. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return messageOf(cause);
}
