// `npm run build`: makes the sign-in bridge, then the production build. With --bridge-only just the bridge, which
// `next dev` needs as well.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modules, node, root, run } from './steps.mjs';

/**
 * The page that the issuer sends people back to only hands the answer on. As a page of the portal it would load all of
 * React, and its frames for silent renewal would each time; MSAL's own bridge is 7 kB.
 */
function makeBridge() {
  const bridge = readFileSync(
    join(modules, '@azure/msal-browser/lib/redirect-bridge/msal-redirect-bridge.min.js'),
    'utf8',
  );
  const call = `
;(() => {
  const bridge = globalThis.msalRedirectBridge;
  // Opened by hand there is no answer to hand on.
  bridge.broadcastResponseToMainFrame().catch(() => {
    if (window.parent === window) window.location.replace('/');
  });
})();
`;
  writeFileSync(join(root, 'public/redirect.js'), bridge.replace(/\n?\/\/# sourceMappingURL=.*$/m, '') + call);
}

makeBridge();
if (!process.argv.includes('--bridge-only')) {
  const { code } = await run(node, [join(modules, 'next/dist/bin/next'), 'build']);
  process.exit(code);
}
