import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { setView, useStore } from '../store.ts';
import { countOf, type Filter } from '../view.ts';

const filters: readonly { readonly id: Filter; readonly label: string }[] = [
  { id: 'all', label: 'All' },
  { id: 'enabled', label: 'Enabled' },
  { id: 'registered', label: 'Registered' },
  { id: 'problems', label: 'Problems' },
];

/** Which rows to show, each choice with how many there are. */
export function Filters() {
  const snapshot = useStore((store) => store.snapshot);
  const chosen = useStore((store) => store.view.filter);
  const choose = (keys: Iterable<unknown>): void => {
    const filter = filters.find(({ id }) => [...keys].includes(id));
    if (filter !== undefined) setView({ filter: filter.id });
  };
  return (
    <ToggleButtonGroup
      className="filters"
      aria-label="Show"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onSelectionChange={choose}
    >
      {filters.map(({ id, label }) => (
        <ToggleButton key={id} id={id} className="filter">
          {label} <span className="filter-count">{countOf(id, snapshot)}</span>
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
