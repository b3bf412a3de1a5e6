// Fetches AWS's runtime interface client for the tests that run Lambda entries under it.
// It is no dependency: its install scripts compile a native client, and the tests bring one in plain JavaScript.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules/.cache/tenon');

/** One version for Node 20, one for Node 22 and newer, as AWS's runtimes have them. */
const releases = {
  '3.3.0':
    'sha512-9p06TbKVK4a050NY/vYOxhMHvnIiUu5o1W0//q6yNLSqA/c91pn4BOj3C3sRTpplkUNsGJdU5qWyU2STo6L8hA==',
  '4.0.2':
    'sha512-FE5Vskx7mYNnqAnWWJXUOsLp2VGgdsJsCoRLFTa8L4Yk0QVtArqR8q58yPA++QC1a73ZWJXBQ2AH31nIAv7NOQ==',
};

function run(command, args) {
  const options = { encoding: 'utf8', shell: process.platform === 'win32' };
  const { status, stdout, stderr } = spawnSync(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}

for (const [version, integrity] of Object.entries(releases)) {
  const target = join(cache, `aws-lambda-ric-${version}`);
  if (existsSync(target)) continue;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'aws-lambda-ric-'));
  try {
    run('npm', ['pack', `aws-lambda-ric@${version}`, '--silent', '--pack-destination', work]);
    const tarball = join(work, `aws-lambda-ric-${version}.tgz`);
    const digest = createHash('sha512').update(readFileSync(tarball)).digest('base64');
    if (integrity !== `sha512-${digest}`) {
      throw new Error(
        `aws-lambda-ric ${version} has the digest sha512-${digest}, not ${integrity}`,
      );
    }
    run('tar', ['-xzf', tarball, '-C', work]);
    // Another process may have been faster: its copy is as good.
    if (!existsSync(target)) renameSync(join(work, 'package'), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
