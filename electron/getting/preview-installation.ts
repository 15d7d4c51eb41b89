import { describeInstallation } from '../binfmt/distribution.ts';
import { installScript } from '../install/distribution/install-script.ts';
import type { InstallationPlan } from '../install/distribution/plan-installation.ts';
import type { Preview } from '../past-change.ts';

/** What installing would do: in words, and the script but for what is new each time. */
export const previewInstallation = (plan: InstallationPlan): Preview => ({
  operations: [describeInstallation(plan.manager, plan.packages)],
  script: installScript(plan, { token: 'chosen-when-it-runs', stop: '/chosen-when-it-runs' }),
  problem: null,
  leftAlone: [],
  losses: [],
  shows: [],
});
