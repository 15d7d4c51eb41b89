import { fuses } from './dist/fuses.mjs';

/**
 * What electron-builder is told: to make the unpacked program, of which build/dist/ makes the .deb, the .rpm and
 * the .tar.gz, and then the AppImage.
 *
 * @param {object} given
 * @param {string} given.app the directory that becomes app.asar
 * @param {string} given.icons
 * @param {string} given.output
 * @param {{ directory: string, version: string }} given.electron
 * @param {import('./dist/product.mjs').Product} given.product
 * @returns {import('electron-builder').Configuration}
 */
export const electronBuilderConfig = ({ app, icons, output, electron, product }) => ({
  appId: product.id,
  productName: product.name,
  directories: { app, output, buildResources: icons },
  electronDist: electron.directory,
  electronVersion: electron.version,
  // The bundle needs no node_modules, and nothing is compiled.
  files: ['out', 'package.json', '!node_modules'],
  npmRebuild: false,
  asar: true,
  electronFuses: fuses,
  // The program speaks English alone.
  electronLanguages: ['en-US'],
  linux: {
    executableName: product.id,
    syncDesktopName: true,
    icon: icons,
    synopsis: product.summary,
    // Of the desktop entry the comment, which is one line.
    description: product.summary,
    maintainer: product.maintainer,
    vendor: product.vendor,
    category: entryValue(product, 'Categories').replace(/;$/, ''),
    desktop: {
      // The executable's name is electron-builder's to say.
      entry: Object.fromEntries(product.desktopEntry.filter(([key]) => key !== 'Exec' && key !== 'Icon')),
    },
  },
  // The one it takes by itself starts the program without Chromium’s sandbox for everybody.
  toolsets: { appimage: '1.0.3' },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills it in.
  appImage: { artifactName: '${name}-${version}-${arch}.AppImage' },
  publish: null,
});

/**
 * @param {import('./dist/product.mjs').Product} product
 * @param {string} key
 */
const entryValue = (product, key) => product.desktopEntry.find(([name]) => name === key)?.[1] ?? '';
