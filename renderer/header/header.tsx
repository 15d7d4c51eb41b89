import './header.css';
import { KeyRound, LockOpen, Search, TriangleAlert, X } from 'lucide-react';
import { Button, type ButtonProps, Input, SearchField } from 'react-aria-components';
import { type Elevation, registrableTargets, resettableEntries } from '../../electron/ipc/contract.ts';
import { MASTER_SWITCH, REGISTER_ALL, RESET_ALL, registerAll, TOOLBAR } from '../actions/changes.ts';
import { explainChosenFile } from '../actions/explain.ts';
import { askToReset } from '../actions/removal.ts';
import { canChange } from '../selectors.ts';
import { setSearch, useStore } from '../store.ts';
import { describedByActivity, useIsWaiting, WaitingIcon } from '../widgets/waiting.tsx';
import { MasterSwitch } from './master-switch.tsx';

export function Header() {
  return (
    <header className="header">
      <h1 className="visually-hidden">QEMU Binfmt Manager</h1>
      <MasterSwitch control={MASTER_SWITCH} />
      <HostLine />
      <SearchBox />
      <Button className="button header-explain" onPress={() => void explainChosenFile()}>
        Explain a file…
      </Button>
      <ChangeAllButtons />
    </header>
  );
}

function HostLine() {
  const host = useStore((store) => store.snapshot.host);
  const elevation = useStore((store) => store.elevation);
  return (
    <p className="header-host">
      <span className="header-machine">
        {host.machine} · Linux {host.kernelRelease}
      </span>
      <ElevationNote elevation={elevation} />
    </p>
  );
}

function ElevationNote({ elevation }: { readonly elevation: Elevation }) {
  switch (elevation.kind) {
    case 'root':
      return (
        <span className="header-elevation">
          <LockOpen aria-hidden /> root
        </span>
      );
    case 'prompt':
    case 'sudo':
      return (
        <span className="header-elevation">
          <KeyRound aria-hidden />
          <span className="header-elevation-text">asks for your password</span>
        </span>
      );
    case 'unavailable':
      return (
        <span className="header-elevation" title={elevation.reason}>
          <TriangleAlert aria-hidden />
          <span className="header-elevation-text">read-only: {elevation.short}</span>
        </span>
      );
  }
}

function SearchBox() {
  const search = useStore((store) => store.search);
  return (
    <SearchField className="search" aria-label="Search targets" value={search} onChange={setSearch}>
      <Search aria-hidden className="search-icon" />
      <Input className="search-input" placeholder="Search targets" />
      {search !== '' && (
        <Button className="icon-button search-clear" aria-label="Clear search">
          <X aria-hidden />
        </Button>
      )}
    </SearchField>
  );
}

function ChangeAllButtons() {
  const isBusy = useStore((store) => store.pending.has(TOOLBAR));
  const isPossible = useStore(canChange);
  const canRegister = useStore(({ snapshot }) => registrableTargets(snapshot).length > 0);
  const canReset = useStore(({ snapshot }) => resettableEntries(snapshot).length > 0);
  const enabled = isPossible && !isBusy;
  return (
    <>
      <ChangeAllButton
        control={REGISTER_ALL}
        className="button"
        isDisabled={!enabled || !canRegister}
        onPress={registerAll}
      >
        Register all
      </ChangeAllButton>
      <ChangeAllButton
        control={RESET_ALL}
        className="button button-danger"
        isDisabled={!enabled || !canReset}
        onPress={askToReset}
      >
        Reset all
      </ChangeAllButton>
    </>
  );
}

function ChangeAllButton({
  control,
  children,
  ...props
}: Omit<ButtonProps, 'children'> & { readonly control: string; readonly children: string }) {
  const isWaiting = useIsWaiting(control);
  return (
    <Button {...props} {...describedByActivity(isWaiting)}>
      {isWaiting && <WaitingIcon />}
      {children}
    </Button>
  );
}
