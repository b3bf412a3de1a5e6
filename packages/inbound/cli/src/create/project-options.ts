/** Where a new app keeps its data. */
export const databases = ['embedded', 'postgresql', 'mongodb'] as const;
/** How a new app is deployed. */
export const deployments = ['serverless', 'container', 'both'] as const;
/** What a new app begins with. */
export const examples = ['crm', 'empty'] as const;

/** What a new project is to be. */
export interface ProjectOptions {
  /** Name of its package. */
  readonly name: string;
  readonly database: (typeof databases)[number];
  readonly deployment: (typeof deployments)[number];
  readonly example: (typeof examples)[number];
  /** Folder of packed Tenon packages to take in place of the registry's; null for the registry. */
  readonly packages: string | null;
}

/** What nobody said otherwise. */
export const projectDefaults = {
  database: 'embedded',
  deployment: 'both',
  example: 'crm',
} as const;

const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** What is wrong with a package's name, or null. */
export function nameProblem(name: string): string | null {
  if (NAME.test(name)) return null;
  return `'${name.slice(0, 100)}' is no package name: use lower-case letters, digits, dashes, dots and underscores, a letter or digit first`;
}
