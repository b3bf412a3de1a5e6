/** An app's source. With `DIE_AT_STEP` its moves die in the middle, like a process that somebody killed, or of `DIE_OF`. */
export const MOVING_APP = `
import { defineApp } from '@tenon/app';

const defined = defineApp(() => ({ integrations: [] }));

async function* mortal(steps, { DIE_AT_STEP: dieAt, DIE_OF: signal = 'SIGKILL' }) {
  let passed = 0;
  for await (const step of steps) {
    passed += 1;
    if (passed === Number(dieAt)) process.kill(process.pid, signal);
    yield step;
  }
}

export const app = {
  ...defined,
  async open(environment) {
    const opened = await defined.open(environment);
    const { data } = opened.commands;
    const dying = {
      export: (...given) => mortal(data.export(...given), environment),
      import: (...given) => mortal(data.import(...given), environment),
    };
    return { ...opened, commands: { ...opened.commands, data: { ...data, ...dying } } };
  },
};
`;
