import { isCancel, select, text } from '@clack/prompts';
import { StoppedError } from '../cli.errors.js';
import type { Terminal } from '../io.js';
import {
  databases,
  deployments,
  examples,
  nameProblem,
  projectDefaults,
} from './project-options.js';
import type { ProjectOptions } from './project-options.js';

/** What the command line said; null where it said nothing. */
export type Choices = {
  readonly [K in 'database' | 'deployment' | 'example']: ProjectOptions[K] | null;
};

/** Choices with nothing left open. */
export type MadeChoices = Pick<ProjectOptions, keyof Choices>;

const hints = {
  embedded: 'PostgreSQL; development brings its own server',
  postgresql: 'the same, and CI migrates a real server',
  mongodb: 'MongoDB in production; development stays on PostgreSQL',
  serverless: 'AWS Lambda and SQS',
  container: 'long-running processes',
  both: 'decide later',
  crm: 'a connector, an integration and its test',
  empty: 'an app, and a test of it',
} as const;

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new StoppedError('Stopped; nothing was made');
  return answer as Exclude<T, symbol>;
}

/** Asks which folder the app goes into. @throws StoppedError. */
export async function askFolder(terminal: Terminal): Promise<string> {
  const answer = await text({
    ...terminal,
    message: 'What is the app called?',
    placeholder: 'my-app',
    defaultValue: 'my-app',
    validate: (name) => (name ? (nameProblem(name) ?? undefined) : undefined),
  });
  return answered(answer);
}

async function choose<T extends keyof typeof hints>(
  terminal: Terminal,
  message: string,
  options: { readonly values: readonly T[]; readonly initialValue: T },
): Promise<T> {
  const answer = await select<string>({
    ...terminal,
    message,
    options: options.values.map((value) => ({ value, label: value, hint: hints[value] })),
    initialValue: options.initialValue,
  });
  return answered(answer) as T;
}

/** Asks for what is still open. @throws StoppedError. */
export async function askChoices(terminal: Terminal, given: Choices): Promise<MadeChoices> {
  const { database, deployment, example } = projectDefaults;
  return {
    database:
      given.database ??
      (await choose(terminal, 'Which database?', { values: databases, initialValue: database })),
    deployment:
      given.deployment ??
      (await choose(terminal, 'How will it be deployed?', {
        values: deployments,
        initialValue: deployment,
      })),
    example:
      given.example ??
      (await choose(terminal, 'Begin with an example?', {
        values: examples,
        initialValue: example,
      })),
  };
}
