import type { Clock, Connector, Diagnosis, HttpClient } from '@tenon/core';

const SECOND_MS = 1_000;
/** Leases, schedules and token lifetimes bear a little. */
const BEARABLE_MS = 5_000;
const BAD_MS = 60_000;
const TIMEOUT_MS = 5_000;
const MAX_SERVERS = 20;

function ofSkew(name: string, skewMs: number, whose: string): Diagnosis {
  const seconds = Math.round(Math.abs(skewMs) / SECOND_MS);
  const side = skewMs > 0 ? 'behind' : 'ahead of';
  if (Math.abs(skewMs) <= BEARABLE_MS)
    return {
      name,
      status: 'ok',
      message: `within ${BEARABLE_MS / SECOND_MS} s of ${whose}`,
      advice: null,
    };
  return {
    name,
    status: Math.abs(skewMs) > BAD_MS ? 'error' : 'warning',
    message: `this machine is ${seconds} s ${side} ${whose}`,
    advice:
      'Synchronise the clocks (NTP): leases, schedules, states of authorisation and lifetimes of tokens are compared across machines',
  };
}

/** How far this machine's clock is from the database's: `skewMs` is theirs less ours. */
export function databaseClock(skewMs: number): Diagnosis {
  return ofSkew('Clock and database', skewMs, "the database's clock");
}

interface Server {
  readonly origin: string;
  readonly url: string;
  readonly connectors: readonly string[];
}

/** The servers that give tokens, each once. */
function tokenServers(connectors: readonly Connector[]): Server[] {
  const servers = new Map<string, Server>();
  for (const { name, auth } of connectors) {
    if (auth.type !== 'oauth2') continue;
    const { origin } = new URL(auth.tokenUrl);
    const known = servers.get(origin)?.connectors ?? [];
    servers.set(origin, { origin, url: auth.tokenUrl, connectors: [...known, name] });
  }
  return [...servers.values()].slice(0, MAX_SERVERS);
}

async function askServer(
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
  { origin, url, connectors }: Server,
): Promise<Diagnosis> {
  const name = `OAuth server of ${connectors.join(', ')}`;
  try {
    const before = clock.now().getTime();
    // Whatever the status: a server that answers tells its time.
    const { headers } = await http.send({ method: 'HEAD', url, timeoutMs: TIMEOUT_MS });
    const middle = (before + clock.now().getTime()) / 2;
    // The header has full seconds: it stands for the middle of its second.
    const theirs = Date.parse(headers['date'] ?? '') + SECOND_MS / 2;
    if (Number.isNaN(theirs))
      return { name, status: 'ok', message: `${origin} answers, and tells no time`, advice: null };
    return ofSkew(name, theirs - middle, `the clock of ${origin}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it failed';
    return {
      name,
      status: 'warning',
      message: `${origin} does not answer: ${reason}`,
      advice:
        'Check the address in the connector, DNS, proxies and TENON_EGRESS_ALLOW: connecting and refreshing need it',
    };
  }
}

/** Whether the servers that give tokens answer, and how far their clocks are from ours. */
export function diagnoseTokenServers(
  parts: { readonly http: HttpClient; readonly clock: Clock },
  connectors: readonly Connector[],
): Promise<readonly Diagnosis[]> {
  return Promise.all(tokenServers(connectors).map((server) => askServer(parts, server)));
}
