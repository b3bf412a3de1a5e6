/** An app's source. With `DIE_AT_STEP` its moves die in the middle, like a process that somebody killed. */
export const MOVING_APP = `
import { defineApp } from '@tenon/app';

const defined = defineApp(() => ({ integrations: [] }));

async function* mortal(steps, dieAt) {
  let passed = 0;
  for await (const step of steps) {
    passed += 1;
    if (passed === dieAt) process.kill(process.pid, 'SIGKILL');
    yield step;
  }
}

export const app = {
  ...defined,
  async open(environment) {
    const opened = await defined.open(environment);
    const dieAt = Number(environment.DIE_AT_STEP ?? 0);
    const { data } = opened.commands;
    const dying = {
      export: (...given) => mortal(data.export(...given), dieAt),
      import: (...given) => mortal(data.import(...given), dieAt),
    };
    return { ...opened, commands: { ...opened.commands, data: { ...data, ...dying } } };
  },
};
`;
