import type { HttpClient, HttpRequest, HttpResponse } from '../platform/http-client.port.js';
import { isTenonError } from '../platform/tenon.error.js';
import { recordedBody, recordedCall } from './recorded-request.js';
import type { RecordingTools } from './recorded-request.js';
import type { RecordedExchange } from './recording.js';

/** Of the transport, not of the answer. */
const TRANSPORT = new Set([
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
]);

/** Hands on every request, and notes it with its answer, both without secrets. */
export class RecordingHttpClient implements HttpClient {
  readonly #exchanges: (RecordedExchange | null)[] = [];

  constructor(
    private readonly http: HttpClient,
    private readonly tools: RecordingTools,
  ) {}

  /** In the order in which they were asked. */
  get exchanges(): readonly RecordedExchange[] {
    return this.#exchanges.filter((each) => each !== null);
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    const place = this.#exchanges.push(null) - 1;
    try {
      const response = await this.http.send(request);
      this.#exchanges[place] = this.#answered(request, response);
      return response;
    } catch (error) {
      const { code, message } = isTenonError(error)
        ? error
        : { code: 'HTTP_CONNECTION_FAILED', message: 'There was no answer' };
      this.#exchanges[place] = {
        request: recordedCall(request, this.tools),
        response: null,
        error: { code, message: this.tools.redactor.parameters(message) },
      };
      throw error;
    }
  }

  close(): Promise<void> {
    return this.http.close();
  }

  #answered(request: HttpRequest, response: HttpResponse): RecordedExchange {
    const { redactor } = this.tools;
    const { status, bytes } = response;
    const kept = Object.entries(redactor.headers(response.headers));
    const headers = Object.fromEntries(kept.filter(([name]) => !TRANSPORT.has(name)));
    const body = recordedBody(bytes, headers['content-type'], redactor);
    return {
      request: recordedCall(request, this.tools),
      response: { status, headers, ...body },
    };
  }
}
