import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { Severity } from '../../electron/ipc/contract.ts';

const looks = {
  error: { icon: CircleAlert, label: 'Problem', className: 'state-bad' },
  warning: { icon: TriangleAlert, label: 'Warning', className: 'state-warning' },
  info: { icon: Info, label: 'Note', className: '' },
} as const;

/** How grave something is: by its shape, its colour and in a word. */
export function SeverityIcon({ severity }: { readonly severity: Severity }) {
  const { icon: Icon, label, className } = looks[severity];
  return <Icon role="img" aria-label={label} className={className} />;
}
