import type { Connection } from '../connection/connection.js';
import type { Page, PageRequest } from '../platform/page.js';
import type { Installation, InstallationStatus } from './installation.js';

/** What a list of installations may bring along. */
export const installationIncludes = ['connections'] as const;
export type InstallationInclude = (typeof installationIncludes)[number];

/** Which installations to list. */
export interface ListInstallationsInput extends PageRequest {
  readonly integration?: string | undefined;
  readonly status?: InstallationStatus | undefined;
  /** Needs the scope to read it, too. */
  readonly include?: readonly InstallationInclude[] | undefined;
}

/** A page of installations, with what was asked for beside them. */
export interface InstallationPage extends Page<Installation> {
  readonly included?: {
    /** Those that installations of the page are bound to and the caller may see, each once, by id; never with a credential. */
    readonly connections: readonly Connection[];
  };
}
