import { ContactCatalog } from './crm/contact-catalog.js';
import { nameRejection } from './desk/record-rules.js';

/** What the desk must hold once every contact of a CRM has been sent to it. */
export interface ExpectedCounts {
  readonly total: number;
  readonly accepted: number;
  readonly rejected: number;
}

/** Counts from the data set itself how many of a CRM's `records` contacts the desk will take. */
export function expectedCounts(records: number): ExpectedCounts {
  const catalog = new ContactCatalog(records);
  let rejected = 0;
  for (let index = 0; index < records; index += 1) {
    if (nameRejection(catalog.at(index).name) !== undefined) rejected += 1;
  }
  return { total: records, accepted: records - rejected, rejected };
}
