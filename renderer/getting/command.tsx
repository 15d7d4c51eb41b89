import './command.css';
import { copyFromGetting } from '../actions/getting.ts';
import { useStore } from '../store.ts';
import { CopyButton } from '../widgets/copy-button.tsx';

/** What a person can type, to be copied. */
export function Command({ command, lead }: { readonly command: string; readonly lead?: string }) {
  const copied = useStore((store) => store.getting.copied);
  return (
    <div className="getting-command">
      {lead !== undefined && <p className="muted">{lead}</p>}
      <div className="getting-command-line">
        <code>{command}</code>
        <CopyButton
          what="the command"
          isCopied={copied === command}
          onCopy={() => void copyFromGetting(command)}
        />
      </div>
    </div>
  );
}
