import './progress-bar.css';
import type { ReactNode } from 'react';

/** How much of something is done; it moves by itself where the total is 0, which is not known yet. */
export function ProgressBar({
  label,
  done,
  total,
  isLarge = false,
  children,
}: {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly isLarge?: boolean;
  /** What stands above it. */
  readonly children: ReactNode;
}) {
  return (
    <div className={isLarge ? 'progress progress-large' : 'progress'}>
      <div className="progress-text">{children}</div>
      {/* The platform's own: a width of ours would be an inline style, which the page's policy forbids. */}
      <progress aria-label={label} max={total || 1} {...(total > 0 && { value: done })} />
    </div>
  );
}
