import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
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

/** The files by their path in the page's address; they are few, and read while Chromium starts. */
let files: Promise<ReadonlyMap<string, Buffer>> | null = null;

/** Must be called before the app is ready. */
export function registerAppScheme(): void {
  // codeCache keeps the compiled script between starts.
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
  files = readFiles();
}

/** Serves the renderer's built files, and nothing else. */
export function serveApp(): void {
  protocol.handle(SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url);
    const content = host === 'window' ? (await files)?.get(pathname) : undefined;
    const contentType = contentTypes[path.extname(pathname)];
    if (content === undefined || contentType === undefined) {
      return new Response('Not a file of this program.', { status: 404 });
    }
    return respondWith(content, contentType);
  });
}

async function readFiles(): Promise<ReadonlyMap<string, Buffer>> {
  const names = await readdir(FILES, { recursive: true });
  const served = names.filter((name) => path.extname(name) in contentTypes);
  return new Map(
    await Promise.all(
      served.map(async (name) => [`/${name}`, await readFile(path.join(FILES, name))] as const),
    ),
  );
}

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
