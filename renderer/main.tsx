import './styles/tokens.css';
import './styles/base.css';
import { createRoot } from 'react-dom/client';
import { menuCommands } from './actions/menu-commands.ts';
import { showVerified } from './actions/verify.ts';
import { App } from './app.tsx';
import { openStore } from './store.ts';

const root = createRoot(document.getElementById('root') ?? document.body);

window.binfmt.onVerified(showVerified);
window.binfmt.onMenuCommand((command) => menuCommands[command]());

openStore().then(
  () => root.render(<App />),
  (error: unknown) =>
    root.render(
      <p role="alert">
        The system could not be read: {String(error)}. Start the program again; its log says more.
      </p>,
    ),
);
