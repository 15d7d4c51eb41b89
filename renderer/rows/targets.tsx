import { Button } from 'react-aria-components';
import { useShallow } from 'zustand/react/shallow';
import { shouldRun, verifyAll } from '../actions/verify.ts';
import { SelectAll } from '../selection/select-all.tsx';
import { SelectionBar, useHasSelectionBar } from '../selection/selection-bar.tsx';
import { type Store, setSearch, setView, useStore } from '../store.ts';
import { countOf, shownRows } from '../view.ts';
import { Filters } from './filters.tsx';
import { RowsTable } from './rows-table.tsx';

/** All targets, and QEMU's entries that serve none of them. */
export function Targets() {
  const names = useStore(useShallow(shownNames));
  return (
    <>
      <RowsToolbar />
      <RowsTable
        label="QEMU targets"
        table="targets"
        heading="Target"
        names={names}
        emptyText={nothingFound}
      />
    </>
  );
}

/** Stays in sight, so that the bar of a selection comes where there was one before: nothing moves. */
function RowsToolbar() {
  const hasSelectionBar = useHasSelectionBar();
  return (
    <div className="rows-toolbar">
      {hasSelectionBar ? (
        <SelectionBar />
      ) : (
        <>
          <Filters />
          <SelectAll table="targets" />
          <VerifyAll />
        </>
      )}
    </div>
  );
}

/** Has the kernel run a program of every target that should run here. */
function VerifyAll() {
  const isVerifying = useStore((store) => store.verifying.size > 0);
  // Where this machine runs all of that itself, nobody asks.
  const canVerify = useStore(({ snapshot }) =>
    snapshot.targets.some((row) => row.entry !== null && shouldRun(row)),
  );
  return (
    <Button className="button button-link" isDisabled={isVerifying || !canVerify} onPress={verifyAll}>
      {isVerifying ? 'Verifying…' : 'Verify all'}
    </Button>
  );
}

const shownNames = (store: Store): readonly string[] => shownRows(store, 'targets').map((row) => row.name);

const emptyFilterTexts = {
  all: 'There are no targets.',
  enabled: 'No target is enabled. Switch one on, or choose Register all.',
  registered: 'No target is registered. Switch one on, or choose Register all.',
  problems: 'No target has a problem of its own.',
} as const;

const ALL_IS_WELL = 'No problems: everything registered can work.';

function NothingFound() {
  const filter = useStore((store) => store.view.filter);
  const search = useStore((store) => store.search);
  const isHealthy = useStore((store) => countOf('problems', store.snapshot) === 0);
  if (search === '') {
    return <p>{filter === 'problems' && isHealthy ? ALL_IS_WELL : emptyFilterTexts[filter]}</p>;
  }
  const showAll = (): void => {
    setSearch('');
    setView({ filter: 'all' });
  };
  return (
    <>
      <p>
        No {filter === 'all' ? 'target' : 'target shown here'} matches “{search}”.
      </p>
      <Button className="button" onPress={showAll}>
        Show all targets
      </Button>
    </>
  );
}

const nothingFound = <NothingFound />;
