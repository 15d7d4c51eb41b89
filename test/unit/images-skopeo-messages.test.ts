import { describe, expect, test } from 'vitest';
import { explainSkopeo } from '../../electron/images/skopeo.ts';

const repository = { registry: 'registry.example.org', path: 'team/qemu' };
const fatal = (message: string): string =>
  `Getting image source signatures\ntime="2026-11-23T22:38:55Z" level=fatal msg=${JSON.stringify(message)}\n`;

/** Messages of skopeo 1.9 and 1.13, and of registries through it. */
const messages: readonly (readonly [string, string, RegExp])[] = [
  [
    'Error listing repository tags: unable to retrieve auth token: invalid username/password: unauthorized: authentication required',
    'login-refused',
    /Log in with skopeo login registry.example.org/,
  ],
  [
    'writing blob: initiating layer upload to /v2/a/blobs/uploads/ in docker.io: requested access to the resource is denied',
    'denied',
    /does not let this login write to registry.example.org\/team\/qemu/,
  ],
  [
    'fetching tags list: invalid status code from registry 403 (Forbidden)',
    'denied',
    /Choose another repository/,
  ],
  [
    'pinging container registry r: Get "https://r/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
    'unreachable',
    /cannot be reached \(connection refused\)/,
  ],
  [
    'pinging container registry r: Get "https://r/v2/": dial tcp: lookup r: no such host',
    'unreachable',
    /\(no such host\)/,
  ],
  [
    'pinging container registry r: Get "https://r/v2/": net/http: TLS handshake timeout',
    'unreachable',
    /Check its name and your network/,
  ],
  [
    'pinging container registry r: Get "https://r/v2/": http: server gave HTTP response to HTTPS client',
    'insecure',
    /does not encrypt.*registries\.conf/,
  ],
  [
    'pinging container registry r: Get "https://r/v2/": x509: certificate signed by unknown authority',
    'insecure',
    /certs\.d\/registry.example.org\/ca\.crt/,
  ],
  [
    'writing blob: uploading layer chunked: received unexpected HTTP status: 500 Internal Server Error',
    'registry',
    /failed \(500 Internal Server Error\)\. Its disk may be full/,
  ],
  [
    'writing blob: storing blob to file "/var/tmp/storage1/1": write /var/tmp/storage1/1: no space left on device',
    'disk-full',
    /Free some space and publish again/,
  ],
  [
    'writing blob: uploading layer chunked: Patch "https://r/v2/a/blobs/uploads/x": write: connection reset by peer',
    'unreachable',
    /broke off \(connection reset\)\. Its disk may be full/,
  ],
  ['toomanyrequests: You have reached your pull rate limit', 'registry', /Wait a while/],
];

describe('skopeo’s message', () => {
  test.each(messages)('“%s” becomes a sentence', (message, kind, sentence) => {
    const problem = explainSkopeo(fatal(message), repository);
    expect(problem.kind).toBe(kind);
    expect(problem.reason).toMatch(sentence);
  });

  test('that nobody knows is shown, without what a terminal obeys and without a URL’s parameters', () => {
    const message = 'odd Put "https://r/x?_state=secret&a=b": "odd"';
    expect(explainSkopeo(fatal(message), repository)).toEqual({
      kind: 'other',
      reason: 'skopeo could not do it: odd Put "https://r/x": "odd"',
    });
    expect(explainSkopeo('odd \u001b[2J\u0007', repository).reason).toBe('skopeo could not do it: odd ?[2J?');
  });
});
