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

const securityHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

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
    const file = path.join(FILES, path.normalize(decodeURIComponent(pathname)));
    const contentType = contentTypes[path.extname(file)];
    if (host !== 'window' || contentType === undefined || !file.startsWith(FILES + path.sep)) {
      return new Response('Not a file of this program.', { status: 404 });
    }
    try {
      const content = new Uint8Array(await readFile(file));
      return new Response(content, { headers: { ...securityHeaders, 'content-type': contentType } });
    } catch {
      return new Response('There is no such file.', { status: 404 });
    }
  });
}
