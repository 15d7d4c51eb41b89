import './styles/tokens.css';
import './styles/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { openStore } from './store.ts';

const root = createRoot(document.getElementById('root') ?? document.body);

openStore().then(
  () => root.render(<App />),
  (error: unknown) =>
    root.render(
      <p role="alert">
        The system could not be read: {String(error)}. Start the program again; its log says more.
      </p>,
    ),
);
