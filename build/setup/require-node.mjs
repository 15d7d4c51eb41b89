import { exit, versions } from 'node:process';

// Imported before everything else: what follows would fail on an older Node.js without saying why.
const [major = 0, minor = 0] = versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Node.js ${versions.node} is too old for this program: install 20.19 or newer and start again.`,
  );
  exit(1);
}
