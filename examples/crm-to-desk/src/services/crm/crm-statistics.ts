/** How often a kind of token request was granted and refused. */
export interface TokenRequestCounts {
  granted: number;
  refused: number;
}

/** What a CRM has counted since it started. */
export interface CrmStatistics {
  /** Calls of the resource API, whatever their answer. */
  apiRequests: number;
  /** API calls answered 429. */
  rateLimited: number;
  /** API calls answered 401. */
  unauthorized: number;
  /** Contacts sent in pages of the list. */
  contactsListed: number;
  /** Token requests by grant type. */
  tokenRequests: Record<string, TokenRequestCounts>;
  /** Refresh tokens that came a second time; each one revoked the whole grant. */
  refreshReuseDetections: number;
  /** Tokens revoked by their client. */
  revocations: number;
  /** Consents given and refused by users. */
  consents: { given: number; refused: number };
}

export function emptyCrmStatistics(): CrmStatistics {
  return {
    apiRequests: 0,
    rateLimited: 0,
    unauthorized: 0,
    contactsListed: 0,
    tokenRequests: {},
    refreshReuseDetections: 0,
    revocations: 0,
    consents: { given: 0, refused: 0 },
  };
}

/** Counts one token request. */
export function countTokenRequest(
  statistics: CrmStatistics,
  grantType: string,
  outcome: keyof TokenRequestCounts,
): void {
  const counts = (statistics.tokenRequests[grantType] ??= { granted: 0, refused: 0 });
  counts[outcome] += 1;
}
