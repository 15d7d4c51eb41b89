import type { ImageDestination, ImageKind } from '../../images/build-images.ts';
import { buildAndTell } from '../give.ts';
import type { GivenOptions } from '../options.ts';
import { type Call, type ExitStatus, MISUSED } from '../verb.ts';

/** `image`: makes container images of emulators. */
export async function run(call: Call): Promise<ExitStatus> {
  const { options, terminal } = call;
  const { output, repository } = options;
  if (typeof output !== 'string') {
    terminal.complain('Name the file or directory to write to with --output.');
    return MISUSED;
  }
  const images = imagesCalled(options.only);
  return buildAndTell(
    call,
    output,
    (emulators) => ({
      kind: 'images',
      emulators,
      images,
      form: formCalled(options.form),
      repository: typeof repository === 'string' ? repository : 'localhost/qemu-user-static',
    }),
    images.some((kind) => kind !== 'register'),
  );
}

const imagesCalled = (only: GivenOptions['only']): readonly ImageKind[] =>
  only === 'targets'
    ? ['emulators']
    : only === 'register' || only === 'latest'
      ? [only]
      : ['emulators', 'register', 'latest'];

const formCalled = (form: GivenOptions['form']): ImageDestination['form'] =>
  form === 'oci-layout' || form === 'oci-archive' ? form : 'docker-archive';
