import { describe, expect, it } from 'vitest';

import { refusalOf } from '../../src/jobs/view/access.js';

const access = { token: 'ab12', port: 4242 };
const good = { method: 'GET', headers: { host: '127.0.0.1:4242' }, query: new URLSearchParams('t=ab12') };

describe('who may look at a run', () => {
  it('is whoever has the link', () => {
    expect(refusalOf(good, access)).toBeNull();
    const own = { ...good, headers: { host: 'localhost:4242', origin: 'http://localhost:4242' } };
    expect(refusalOf(own, access)).toBeNull();
  });

  it.each([
    ['without a token', { query: new URLSearchParams() }],
    ['with a wrong token', { query: new URLSearchParams('t=ab13') }],
    ['by another name of this machine, as DNS rebinding does', { headers: { host: 'evil.example:4242' } }],
    ['by another port', { headers: { host: '127.0.0.1:80' } }],
    ['from another page', { headers: { ...good.headers, origin: 'http://evil.example' } }],
    ['from a page of another port', { headers: { ...good.headers, origin: 'http://127.0.0.1:3000' } }],
    ['across sites', { headers: { ...good.headers, 'sec-fetch-site': 'cross-site' } }],
  ])('is nobody %s', (_, part) => {
    expect(refusalOf({ ...good, ...part }, access)).toMatchObject({ status: 403 });
  });

  it('may not write', () => {
    expect(refusalOf({ ...good, method: 'POST' }, access)).toMatchObject({ status: 405 });
  });
});
