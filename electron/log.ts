import path from 'node:path';
import { app } from 'electron';
// The one for Electron would open a channel to the main process of its own, for any page.
import log from 'electron-log/node';

// It looks for a package.json otherwise, from wherever the program was started.
log.transports.file.setAppName(app.name);
log.transports.file.resolvePathFn = () => path.join(app.getPath('userData'), 'logs', 'main.log');

/** The program's log, which Help → Open Log File shows. */
export default log;
