import type { MemoryReport } from '../http/memory-report.js';
import type { CrmStatistics } from './crm-statistics.js';
import type { FaultPlan } from './fault-plan.js';
import type { WebhookStatistics } from './webhook-sender.js';

/** What `GET /__control/stats` of the CRM answers. */
export interface CrmReport extends CrmStatistics {
  readonly records: number;
  readonly changedRecords: number;
  readonly liveAccessTokens: number;
  readonly rateLimit: { perSecond: number; burst: number };
  readonly webhooks: WebhookStatistics;
  readonly faults: { readonly api: FaultPlan; readonly token: FaultPlan };
  readonly memory: MemoryReport;
}
