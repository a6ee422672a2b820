// npm run build: the web app and the widget.
import { toReckonError } from '@reckon/protocol/base/errors';
import { ensureWebBuild } from './web-build.ts';

try {
  await ensureWebBuild((line) => process.stdout.write(`${line}\n`));
  process.stdout.write('The web app is built: apps/web/dist\n');
} catch (thrown) {
  const error = toReckonError(thrown);
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
