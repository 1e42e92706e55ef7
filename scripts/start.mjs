// `npm start`: sets up what is missing, then runs the control plane and the portal until it is told to stop.
//   --keep-servers         MySQL servers go on running when it stops
//   --control-plane-only   no portal: for the Azure CLI, SDKs and other projects' CI
//   --dev                  the portal from its sources, rebuilt as they change
import { connect, createServer } from 'node:net';
import { setUpBuild, setUpDependencies, setUpMysql, setUpSignInBridge } from './set-up.mjs';
import { ownEnvironment, say, SetUpError } from './steps.mjs';
import { startControlPlane, startPortal } from './supervisor.mjs';

const HELP = `npm start sets up what is missing, then runs the control plane and the portal until Ctrl-C.
  npm start -- --keep-servers         MySQL servers go on running when it stops
  npm start -- --control-plane-only   no portal: for the Azure CLI, SDKs and other projects' CI
  npm start -- --dev                  the portal from its sources, rebuilt as they change
What FLEXDECK_… variables it reads is in README.md.`;
const FLAGS = ['--keep-servers', '--control-plane-only', '--dev'];

async function main() {
  const flags = process.argv.slice(2);
  if (flags.includes('--help')) return say(HELP);
  const unknown = flags.find((flag) => !FLAGS.includes(flag));
  if (unknown) throw new SetUpError(`${unknown} is not known. There are: ${FLAGS.join(', ')}.`);
  const dev = flags.includes('--dev');
  const controlPlaneOnly = flags.includes('--control-plane-only');
  const local = (process.env.FLEXDECK_CLOUD || 'Local') === 'Local';
  if (controlPlaneOnly && !local)
    throw new SetUpError(`${process.env.FLEXDECK_CLOUD} has its own control plane; start the portal alone.`);

  const portalPort = await claimPortalPort();
  // Where it was 0, everything that is started must know which one it is: sign-in leads back to it.
  ownEnvironment.FLEXDECK_PORTAL_PORT = String(portalPort);
  await setUpDependencies();
  if (local) await setUpMysql();
  if (!controlPlaneOnly) await (dev ? setUpSignInBridge() : setUpBuild());

  const children = [];
  let stopping = false;
  const stop = async (code) => {
    if (stopping) return;
    stopping = true;
    say('Stopping');
    // The portal first: it has nothing to lose, and would only report that the control plane is gone.
    for (const child of children.reverse()) await child.stop();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(0));
  const onGivenUp = (line) => {
    process.stderr.write(`${line}\n`);
    return stop(1);
  };

  try {
    let ready;
    if (local) {
      const controlPlane = startControlPlane({ keepServers: flags.includes('--keep-servers'), onGivenUp });
      children.push(controlPlane);
      ready = await controlPlane.ready();
    }
    if (!controlPlaneOnly) {
      const portal = startPortal({ port: portalPort, dev, ready, onGivenUp });
      children.push(portal);
      await Promise.all([portal.ready(), listenOnIpv6(portalPort)]);
    }
    if (!stopping) announce({ portalPort: controlPlaneOnly ? undefined : portalPort, ready });
  } catch (failure) {
    // A stop while starting ends the children that were waited for; that is no failure.
    if (stopping) return;
    process.stderr.write(`${failure.message}\n`);
    await stop(1);
  }
}

function announce({ portalPort, ready }) {
  const lines = [['Portal', portalPort && `http://localhost:${portalPort}`]];
  if (ready) {
    lines.push(['Resource Manager', ready.resourceManagerEndpoint]);
    if (portalPort) lines.push(['Sign in', ready.signInLink && `${ready.signInLink}  (works once, within 10 minutes)`]);
  }
  say('Flexdeck is ready.');
  for (const [name, value] of lines) if (value) say(`  ${name.padEnd(17)} ${value}`);
  say('Ctrl-C stops it.');
}

/** The portal's port, checked before anything starts; 0 picks a free one. */
function claimPortalPort() {
  const wanted = Number(process.env.FLEXDECK_PORTAL_PORT || 3000);
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) {
    throw new SetUpError(
      `FLEXDECK_PORTAL_PORT=${process.env.FLEXDECK_PORTAL_PORT}: must be a port, a whole number from 0 to 65535.`,
    );
  }
  return new Promise((settle, fail) => {
    const probe = createServer();
    probe.once('error', () => {
      fail(
        new SetUpError(
          `Port ${wanted} is taken, perhaps by another Flexdeck. Stop that, or set FLEXDECK_PORTAL_PORT to another port.`,
        ),
      );
    });
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => settle(port));
    });
  });
}

/**
 * Next listens on one address. `localhost` is ::1 to some programs, and on a shared machine somebody else could listen
 * there and be taken for the portal: so that address leads to the portal as well.
 */
function listenOnIpv6(port) {
  return new Promise((settle, fail) => {
    const front = createServer((client) => {
      const portal = connect(port, '127.0.0.1');
      client.pipe(portal).pipe(client);
      client.on('error', () => portal.destroy());
      portal.on('error', () => client.destroy());
    });
    front.once('error', (failure) => {
      if (failure.code === 'EADDRINUSE')
        fail(new SetUpError(`Port ${port} of ::1 is taken, so localhost would lead elsewhere.`));
      // No IPv6 here: then nobody gets there.
      else settle();
    });
    front.listen({ port, host: '::1', ipv6Only: true }, settle);
  });
}

main().catch((failure) => {
  process.stderr.write(`${failure instanceof SetUpError ? failure.message : failure.stack}\n`);
  process.exit(1);
});
