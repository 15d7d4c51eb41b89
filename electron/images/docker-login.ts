import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';

/** What docker keeps of logins: in the file itself, or where these say. */
const dockerConfig = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    auths: v.optional(v.record(v.string(), v.object({ auth: v.optional(v.string()) })), {}),
    credHelpers: v.optional(v.record(v.string(), v.string()), {}),
    credsStore: v.optional(v.string()),
  }),
);
/** What docker-credential-… get prints. */
const credentials = v.pipe(v.string(), v.parseJson(), v.object({ Username: v.string(), Secret: v.string() }));
/** The other program's answer is short; a person may have to unlock a keyring first. */
const PATIENCE_MS = 60_000;
/** An access token goes by this name in place of a user's. */
const TOKEN_USER = '<token>';

/**
 * Does a work with the login that docker keeps for a registry in a credential store (`credsStore`), which is the only
 * place that skopeo does not look into itself. The login goes into a file that only this user can read, for as long as
 * the work takes; `work` gets its path, or null where there is none to add.
 */
export async function withDockerLogin<Value>(
  registry: string,
  work: (authFile: string | null) => Promise<Value>,
): Promise<Value> {
  const login = (await isKnownToSkopeo(registry)) ? null : await loginInStore(registry);
  if (login === null) return await work(null);
  const directory = await mkdtemp(path.join(process.env.XDG_RUNTIME_DIR ?? os.tmpdir(), 'qemu-binfmt-'));
  try {
    const authFile = path.join(directory, 'auth.json');
    const auth = Buffer.from(`${login.Username}:${login.Secret}`).toString('base64');
    await writeFile(authFile, JSON.stringify({ auths: { [registry]: { auth } } }), { mode: 0o600 });
    return await work(authFile);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Whether a file of podman's and skopeo's own names the registry (containers-auth.json(5)): it comes before docker's. */
async function isKnownToSkopeo(registry: string): Promise<boolean> {
  const { REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, XDG_CONFIG_HOME } = process.env;
  if (REGISTRY_AUTH_FILE !== undefined) return true;
  const runtime = XDG_RUNTIME_DIR ?? `/run/containers/${process.getuid?.() ?? 0}`;
  const configuration = XDG_CONFIG_HOME ?? path.join(os.homedir(), '.config');
  const files = [
    path.join(runtime, 'containers/auth.json'),
    path.join(runtime, 'auth.json'),
    path.join(configuration, 'containers/auth.json'),
  ];
  const read = await Promise.all(files.map(readConfig));
  return read.some((config) => config !== null && names(config, registry));
}

async function loginInStore(registry: string): Promise<v.InferOutput<typeof credentials> | null> {
  const directory = process.env.DOCKER_CONFIG ?? path.join(os.homedir(), '.docker');
  const config = await readConfig(path.join(directory, 'config.json'));
  const store = config?.credsStore;
  // The name becomes a program's.
  if (config === null || store === undefined || !/^[\w-]+$/.test(store)) return null;
  const isInFile = (config.auths[registry]?.auth ?? '') !== '' || config.credHelpers[registry] !== undefined;
  if (isInFile) return null;
  const login = await askStore(store, serverOf(registry));
  return login === null || login.Username === TOKEN_USER ? null : login;
}

const names = ({ auths, credHelpers }: v.InferOutput<typeof dockerConfig>, registry: string): boolean =>
  auths[registry] !== undefined || credHelpers[registry] !== undefined;

/** What docker calls a registry to its stores. */
const serverOf = (registry: string): string =>
  registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;

async function readConfig(file: string): Promise<v.InferOutput<typeof dockerConfig> | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const read = v.safeParse(dockerConfig, text);
  return read.success ? read.output : null;
}

/** Null where the store has no login for the server, or is not there: publishing without one then says what is missing. */
function askStore(store: string, server: string): Promise<v.InferOutput<typeof credentials> | null> {
  return new Promise((resolve) => {
    const asked = execFile(
      `docker-credential-${store}`,
      ['get'],
      { timeout: PATIENCE_MS, encoding: 'utf8' },
      (error, answer) => {
        const read = error === null ? v.safeParse(credentials, answer) : null;
        resolve(read?.success === true ? read.output : null);
      },
    );
    // It may have ended without having listened.
    asked.stdin?.on('error', () => undefined).end(server);
  });
}
