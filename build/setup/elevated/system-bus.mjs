import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Problem } from '../problem.mjs';

const SOCKET = '/run/dbus/system_bus_socket';

/** Starts a system bus in the private /run. It starts polkitd itself when somebody asks for that. */
export async function startSystemBus() {
  mkdirSync('/run/dbus', { recursive: true });
  const bus = spawn('dbus-daemon', ['--system', '--nofork', '--nopidfile'], { stdio: 'ignore' });
  let ended = false;
  for (const event of ['error', 'exit']) {
    bus.on(event, () => {
      ended = true;
    });
  }
  const patience = Date.now() + 10_000;
  while (!existsSync(SOCKET)) {
    if (ended || Date.now() > patience)
      throw new Problem('dbus-daemon does not start: try dbus-daemon --system --nofork to see why.');
    await wait(10);
  }
}
