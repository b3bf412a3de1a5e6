// Adds the platform packages that npm left out of package-lock.json because the registry it asked did not offer them.
// Without them, `npm ci` refuses the lockfile and `npm install` on another platform goes without its binaries.
// --check only tells whether any are missing.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    file: {
      type: 'string',
      default: join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json'),
    },
  },
});
const { file } = options;
const lock = JSON.parse(readFileSync(file, 'utf8'));

const systems = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'win32',
  windows: 'win32',
  android: 'android',
};
for (const name of ['freebsd', 'openharmony', 'netbsd', 'openbsd', 'sunos', 'aix'])
  systems[name] = name;
const processors = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'loong64'];

/** What a platform package's name says about where it runs: `…-linux-arm64-musl`. */
function platformOf(name) {
  const parts = name.split(/[-/]/);
  const os = parts.map((part) => systems[part]).find((part) => part !== undefined);
  const cpu = processors.find((processor) => parts.includes(processor));
  if (os === undefined || cpu === undefined) return undefined;
  const abi = parts.at(-1) ?? '';
  const libc =
    os !== 'linux'
      ? undefined
      : abi.startsWith('musl')
        ? 'musl'
        : abi.startsWith('gnu')
          ? 'glibc'
          : undefined;
  return { cpu: [cpu], ...(libc && { libc: [libc] }), os: [os] };
}

/** Where Node would look for `name` from the package at `path`. */
function isLocked(path, name) {
  for (let dir = path; ; dir = dir.slice(0, dir.lastIndexOf('/node_modules/'))) {
    if (lock.packages[`${dir}/node_modules/${name}`]) return true;
    if (!dir.includes('/node_modules/')) return lock.packages[`node_modules/${name}`] !== undefined;
  }
}

const added = [];
for (const [path, entry] of Object.entries({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const platform = platformOf(name);
    const isExact = /^\d+\.\d+\.\d+[\w.-]*$/.test(version);
    if (platform === undefined || !isExact || isLocked(path, name)) continue;
    const { cpu, os, libc } = platform;
    const dev = entry.dev && { dev: true };
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu,
      ...dev,
      ...(libc && { libc }),
      optional: true,
      os,
    };
    added.push(name);
  }
}

if (added.length > 0 && options.check) {
  process.stderr.write(`Not in ${file}: ${added.join(', ')}. Run \`npm run lockfile\`.\n`);
  process.exitCode = 1;
} else if (added.length > 0) {
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
