import type { LocalServers, RunningService, ServiceActivity } from '@tenon/core';
import type { ErrorReport } from '../text/error-text.js';

/** What a child of `tenon dev` is for, told once its app is loaded. */
export type Duty =
  | { readonly kind: 'servers'; readonly directory: string }
  | {
      readonly kind: 'service';
      readonly port: number;
      readonly host: string;
      readonly migrate: boolean;
      /** Whether it tells of what it does. */
      readonly watched: boolean;
    };

/** What a child has started. */
export type Started =
  | ({ readonly kind: 'servers' } & Pick<LocalServers, 'environment' | 'summary'>)
  | ({ readonly kind: 'service'; readonly migrated: readonly string[] } & Pick<
      RunningService,
      'port' | 'summary'
    >);

/** From the parent to a child. */
export type ParentMessage =
  { readonly kind: 'start'; readonly duty: Duty } | { readonly kind: 'stop' };

/** From a child to the parent. */
export type ChildMessage =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'activity'; readonly activities: readonly ServiceActivity[] }
  | { readonly kind: 'started'; readonly started: Started }
  | { readonly kind: 'failed'; readonly error: ErrorReport };
