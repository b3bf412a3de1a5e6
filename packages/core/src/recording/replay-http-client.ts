import type { HttpClient, HttpRequest, HttpResponse } from '../platform/http-client.port.js';
import { nearestName } from '../platform/options.js';
import { TenonError } from '../platform/tenon.error.js';
import { recordedCall } from './recorded-request.js';
import type { RecordingTools } from './recorded-request.js';
import { RecordedResponse } from './recorded-response.js';
import { recordingMismatch } from './recording.errors.js';
import type { RecordedCall, RecordedExchange } from './recording.js';
import { REDACTED } from './redactor.js';

function nameOf({ method, url }: Pick<RecordedCall, 'method' | 'url'>): string {
  return `${method} ${url}`;
}

/** A secret of another environment stands in its place. */
function fitsUrl(recorded: string, asked: string): boolean {
  if (recorded === asked) return true;
  if (!recorded.includes(REDACTED)) return false;
  const escaped = recorded
    .split(REDACTED)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/?&#]*');
  return new RegExp(`^${escaped}$`).test(asked);
}

function fits(recorded: RecordedCall, asked: RecordedCall): boolean {
  return recorded.method === asked.method && fitsUrl(recorded.url, asked.url);
}

/** Answers requests from a recording, and asks no network. What was asked several times is answered in the order of then. */
export class ReplayHttpClient implements HttpClient {
  readonly #left: RecordedExchange[];

  constructor(
    private readonly exchanges: readonly RecordedExchange[],
    private readonly tools: RecordingTools,
  ) {
    this.#left = [...exchanges];
  }

  /** What nobody has asked for yet. */
  get left(): readonly RecordedExchange[] {
    return this.#left;
  }

  /** @throws TenonError `RECORDING_MISMATCH` for what was not recorded, naming the nearest; errors as they were recorded. */
  send(request: HttpRequest): Promise<HttpResponse> {
    const asked = recordedCall(request, this.tools);
    const at = this.#left.findIndex(
      ({ request: recorded }) => fits(recorded, asked) && recorded.bodyHash === asked.bodyHash,
    );
    const [found] = at < 0 ? [] : this.#left.splice(at, 1);
    if (!found) return Promise.reject(this.#mismatch(asked));
    if (found.response) return Promise.resolve(new RecordedResponse(found.response));
    const { code = 'HTTP_CONNECTION_FAILED', message = 'There was no answer' } = found.error ?? {};
    const category = code === 'HTTP_TIMEOUT' ? 'timeout' : 'unavailable';
    return Promise.reject(new TenonError({ code, category, message }));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #mismatch(asked: RecordedCall): TenonError {
    const name = nameOf(asked);
    const same = this.exchanges.filter(({ request }) => fits(request, asked));
    const sameBody = same.filter(({ request }) => request.bodyHash === asked.bodyHash);
    if (sameBody.length > 0) {
      const times = sameBody.length === 1 ? 'once' : `${sameBody.length} times`;
      return recordingMismatch(
        name,
        `it was asked ${times} when it was recorded, and now once more`,
      );
    }
    if (same.length > 0) {
      return recordingMismatch(
        name,
        'it was recorded with another body; record it again if that is right',
      );
    }
    const names = [...new Set(this.exchanges.map(({ request }) => nameOf(request)))];
    const nearest = nearestName(name, names) ?? names[0];
    return recordingMismatch(
      name,
      nearest === undefined ? 'it holds no request' : `the nearest that it has is ${nearest}`,
    );
  }
}
