import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol } from 'electron';

const SCHEME = 'app';
const FILES = path.join(import.meta.dirname, '../renderer');

/** Where the window's page is: a scheme of its own reaches this program's files only, unlike file://. */
export const PAGE = `${SCHEME}://window/index.html`;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** What the page may load; styles that react-aria adds to it carry the nonce of this one load. */
const contentSecurityPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** The page's files: what the build puts there, and no other path of any form. */
const FILE_PATH = /^\/(?:index\.html|assets\/[\w.-]+)$/;

/** Must be called before the app is ready. */
export function registerAppScheme(): void {
  // codeCache keeps the compiled script between starts.
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Serves the renderer's built files, and nothing else. */
export function serveApp(): void {
  protocol.handle(SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url);
    const contentType = contentTypes[path.extname(pathname)];
    if (host !== 'window' || contentType === undefined || !FILE_PATH.test(pathname)) return notFound();
    const content = await readFile(path.join(FILES, pathname)).catch(() => null);
    return content === null ? notFound() : respondWith(content, contentType);
  });
}

const notFound = (): Response => new Response('Not a file of this program.', { status: 404 });

function respondWith(content: Buffer, contentType: string): Response {
  const nonce = randomBytes(16).toString('base64');
  const isPage = contentType.startsWith('text/html');
  const body = isPage ? content.toString().replace('{nonce}', nonce) : new Uint8Array(content);
  return new Response(body, {
    headers: {
      'content-security-policy': contentSecurityPolicy(nonce),
      'content-type': contentType,
      'cross-origin-opener-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
  });
}
