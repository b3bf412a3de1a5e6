import type { Parameter } from '@aws-sdk/client-cloudformation';
import type { Artifact } from './artifact.js';
import type { Attempt } from './attempt.js';
import type { Change } from './change-sets.js';
import { DeployError } from './deploy.errors.js';
import type { StackState } from './stacks.js';

/** The names of a template that a deployment looks at. */
export interface ReleaseTemplate {
  readonly text: string;
  readonly parameters: readonly string[];
  readonly hasMigrate: boolean;
}

/** What is to be deployed, and how far. */
export interface Release {
  readonly template: ReleaseTemplate;
  readonly code: Artifact;
  /** Values of parameters that were given; others stay as they are. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Null: that of the stack, or the one that `tenon deploy` makes. */
  readonly bucket: string | null;
  readonly previewOnly: boolean;
  readonly recreate: boolean;
  /** Whether the function `migrate` is invoked. */
  readonly migrates: boolean;
  /** How long the API may take until it is ready; null: it is not asked. */
  readonly healthMs: number | null;
  /** Shows what will happen. */
  show(changes: readonly Change[]): void;
  /** @throws StoppedError when a person says no; UsageError when nobody can be asked. */
  confirm(question: string): Promise<void>;
}

/** What a deployment did. */
export interface Deployed {
  readonly result: 'created' | 'updated' | 'unchanged' | 'previewed';
  readonly changes: readonly Change[];
  /** Applied migrations; null when none were asked for. */
  readonly migrations: readonly string[] | null;
  /** The address that answered to be ready; null when none was asked. */
  readonly readyUrl: string | null;
}

/** What a deployment is at, which decides what an interruption leaves. */
export interface Underway {
  phase: 'preparing' | 'bucket' | 'deleting' | 'migrating' | 'updating' | 'checking' | 'going-back';
  /** A change set that nobody has executed. */
  changeSet: string | null;
  /** Puts back what `migrate` had. */
  undo: (attempt: Attempt) => Promise<void>;
}

/** Parameters that a deployment itself decides. */
export const OWN_PARAMETERS = ['CodeBucket', 'CodeKey', 'MigrateCodeKey', 'Traffic'];

/** Values for the parameters of a release: own, given, those of the stack; the rest is the template's. */
export function parametersOf(
  { template, code, parameters }: Release,
  stack: StackState | null,
  own: { readonly bucket: string; readonly traffic: 'on' | 'off' },
): Parameter[] {
  const values = new Map([
    ...parameters,
    ['CodeBucket', own.bucket],
    ['CodeKey', code.key],
    ['MigrateCodeKey', ''],
    ['Traffic', own.traffic],
  ]);
  return template.parameters.flatMap((name): Parameter[] => {
    const value = values.get(name);
    if (value !== undefined) return [{ ParameterKey: name, ParameterValue: value }];
    const known = stack?.parameters.has(name) === true;
    return known ? [{ ParameterKey: name, UsePreviousValue: true }] : [];
  });
}

/** A stack as it can be gone back to. */
export interface Snapshot {
  readonly template: string;
  readonly parameters: readonly Parameter[];
}

/** Remembers a stack as it is now. */
export async function snapshotOf(attempt: Attempt, stack: StackState): Promise<Snapshot> {
  const { TemplateBody } = await attempt.cloud.cloudFormation.getTemplate({
    StackName: attempt.stackName,
    TemplateStage: 'Original',
  });
  if (TemplateBody === undefined) {
    throw new DeployError(
      'DEPLOY_FAILED',
      `AWS does not show the template of ${attempt.stackName}`,
    );
  }
  const parameters = [...stack.parameters].map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
  return { template: TemplateBody, parameters };
}
