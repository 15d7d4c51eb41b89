import { makeAppImage } from './appimage.mjs';
import { makeDeb } from './deb.mjs';
import { makeRpm } from './rpm.mjs';
import { makeTarGz } from './targz.mjs';

/**
 * @typedef {object} Laid what packages are made of
 * @property {string} root the repository
 * @property {string} work a directory for what is needed meanwhile
 * @property {string} output where the packages go
 * @property {string} prefix all that is installed, as below /usr
 * @property {number} date in seconds since 1970
 * @property {import('./product.mjs').Product} product
 * @property {Parameters<typeof import('../electron-builder.config.mjs').electronBuilderConfig>[0]} given
 */

/**
 * The kinds of packages. Each is made of the same files and returns its path; throws NotPossibleHere where this
 * machine lacks what it takes.
 *
 * @type {Readonly<Record<string, (laid: Laid) => Promise<string>>>}
 */
export const formats = { deb: makeDeb, rpm: makeRpm, 'tar.gz': makeTarGz, AppImage: makeAppImage };
