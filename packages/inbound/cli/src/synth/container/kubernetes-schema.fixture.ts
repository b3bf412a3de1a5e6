import { Deployment } from 'kubernetes-models/apps/v1';
import { Job } from 'kubernetes-models/batch/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Service, ServiceAccount } from 'kubernetes-models/v1';

const kinds = {
  'apps/v1 Deployment': Deployment,
  'batch/v1 Job': Job,
  'policy/v1 PodDisruptionBudget': PodDisruptionBudget,
  'v1 Service': Service,
  'v1 ServiceAccount': ServiceAccount,
} as unknown as Readonly<Record<string, { readonly prototype: { validate(): void } }>>;

/** Notes what is never looked at: the schemas' validators read what they know, and pass over the rest. */
function watched(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.entries(value).map(([key, each]: [string, unknown]) => {
    unread.add(`${path}/${key}`);
    return [key, watched(each, `${path}/${key}`, unread)] as const;
  });
  const target: object = Array.isArray(value)
    ? inner.map(([, each]) => each)
    : Object.fromEntries(inner);
  return new Proxy(target, {
    get: (from, key) => {
      unread.delete(`${path}/${String(key)}`);
      return Reflect.get(from, key) as unknown;
    },
  });
}

/** What the schemas of Kubernetes find wrong with a manifest: wrong types, what is missing, what is unknown. */
export function schemaProblems(manifest: object): string[] {
  const { apiVersion, kind } = manifest as { apiVersion: string; kind: string };
  const Kind = kinds[`${apiVersion} ${kind}`];
  if (!Kind) return [`There is no ${kind} of ${apiVersion}`];
  const unread = new Set<string>();
  try {
    // Without the constructor, which reads everything.
    Kind.prototype.validate.call(watched(manifest, '', unread));
  } catch (error) {
    return [(error as Error).message];
  }
  return [...unread].map((path) => `${path} is unknown`);
}
