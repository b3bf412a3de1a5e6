import type { RunId, RunProgress, RunState } from '../run/run.js';

/** Something that a service did, told as it happens. Holds neither secrets nor inputs. */
export type ServiceActivity =
  | {
      readonly kind: 'job';
      readonly job: string;
      readonly queue: string;
      /** Request id of whoever enqueued it; for webhooks that of their delivery. */
      readonly requestId: string;
      /** `done`, `retry_later`, `dead`, …; for what stays on its queue the reason. */
      readonly result: string;
      readonly tookMs: number;
    }
  | {
      readonly kind: 'run';
      readonly runId: RunId;
      /** Null where it was told before. */
      readonly job: string | null;
      readonly state: RunState;
      readonly progress: RunProgress | null;
    }
  | {
      readonly kind: 'webhook';
      readonly requestId: string;
      readonly endpointId: string;
      readonly result: 'accepted' | 'duplicate' | 'refused';
      /** Why it was refused. */
      readonly code: string | null;
    };
