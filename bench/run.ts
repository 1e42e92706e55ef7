/**
 * The scoreboard: one script per figure, each against its baseline in one run.
 *
 *     npm run bench                     what there is
 *     npm run bench -- all              everything, one after the other
 *     npm run bench -- gateway --quick  one of them, with options of its own
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SCRIPTS: Record<string, string> = {
  create: 'from asking for a server to the first query over TLS, against mysqld --initialize by hand',
  gateway: 'throughput and p95 beside HAProxy and MySQL Router, with the direct connection as the limit',
  metrics: 'thirty days of samples: reading them over the API, their file, and what measuring a server costs',
  chart: 'thirty days drawn in Chromium, and what a move over it costs, beside uPlot',
  'high-availability':
    'the longest gap in acknowledged writes at a failover, beside Group Replication and a bare script',
  'busy-machine': 'that a machine with every processor taken is not mistaken for a dead primary',
  backup:
    'full backup and restore to a moment beside copying files and dumps, how old the newest moment is, and what writes lose',
  settings: 'the gap in writes when a server is restarted for its settings, beside a bare mysqld restart',
  portal: 'the first load of the portal: largest paint and JavaScript',
};

const [name, ...options] = process.argv.slice(2);
const chosen = name === 'all' ? Object.keys(SCRIPTS) : name && name in SCRIPTS ? [name] : undefined;
if (!chosen) {
  const lines = Object.entries(SCRIPTS).map(([script, what]) => `  ${script.padEnd(18)} ${what}`);
  process.stdout.write(`npm run bench -- <name>, or all:\n${lines.join('\n')}\n`);
  process.exitCode = name === undefined ? 0 : 1;
} else {
  for (const script of chosen) {
    process.stdout.write(`\n— ${script}\n`);
    const file = fileURLToPath(new URL(`${script}.ts`, import.meta.url));
    const child = spawn(process.execPath, [file, ...options], { stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) process.exitCode = 1;
  }
}
