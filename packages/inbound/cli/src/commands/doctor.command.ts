import type { Diagnosis } from '@tenon/core';
import { loadApp } from '../app/load-app.js';
import { appFlag, defineCommand, jsonFlag } from '../command.js';
import { exitCodes } from '../exit-code.js';
import type { Io } from '../io.js';
import { toErrorReport } from '../text/error-text.js';
import { redact } from '../text/redact.js';
import { styleOf } from '../text/style.js';
import type { Style } from '../text/style.js';
import { table } from '../text/table.js';

async function diagnoseApp(io: Io, given: string | null): Promise<readonly Diagnosis[]> {
  try {
    const { app, environment, source } = await loadApp(io, given);
    const loaded: Diagnosis = { name: 'app', status: 'ok', message: source, advice: null };
    return [loaded, ...(await app.diagnose(environment))];
  } catch (error) {
    const message = toErrorReport(error).message.trim();
    const advice = 'Nothing else can be looked at before the app loads';
    return [{ name: 'app', status: 'error', message, advice }];
  }
}

function doctorText(diagnoses: readonly Diagnosis[], style: Style): string {
  const marks = { ok: style.green('✓'), warning: style.yellow('!'), error: style.red('✗') };
  const rows = diagnoses.flatMap(({ name, status, message, advice }) => {
    const [first = '', ...more] = message.split('\n');
    return [
      [marks[status], name, first],
      ...more.map((line) => ['', '', line]),
      ...(advice === null ? [] : [['', '', style.dim(`→ ${advice}`)]]),
    ];
  });
  return table(rows);
}

/** `tenon doctor`. Fails when an error was found; warnings are no failure. */
export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'Look for what is wrong with the app, its environment and its servers',
  flags: { app: appFlag, json: jsonFlag },
  run: async (flags, io) => {
    const found = await diagnoseApp(io, flags.app);
    const ok = found.every(({ status }) => status !== 'error');
    const text = flags.json
      ? `${JSON.stringify({ ok, diagnoses: found }, null, 2)}\n`
      : doctorText(found, styleOf(io.stdout, io.env));
    io.stdout.write(redact(text, io.env));
    return ok ? exitCodes.ok : exitCodes.failed;
  },
});
