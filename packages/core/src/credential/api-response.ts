import type { ApiCallOptions, ApiResponse } from '../connector/api-client.js';
import { providerInvalidResponse } from '../connector/provider.errors.js';
import type { CallName } from '../connector/provider.errors.js';
import type { HttpResponse } from '../platform/http-client.port.js';

const JSON_TYPE = /^\s*[\w.-]+\/(?:[\w.-]+\+)?json\b/i;

function isJson(response: HttpResponse): boolean {
  const type = response.headers['content-type'];
  return type === undefined || JSON_TYPE.test(type);
}

function parse(response: HttpResponse, call: CallName, needsJson: boolean): unknown {
  if (response.bytes.length === 0) return null;
  const good = response.status >= 200 && response.status < 300;
  if (!needsJson && !isJson(response)) return response.text();
  try {
    return response.json();
  } catch {
    if (!good) return response.text();
    // A proxy's page in place of the API's answer: another attempt may reach the API.
    throw providerInvalidResponse(call, 'something else than JSON', {
      retryable: true,
      facts: { status: response.status, contentType: response.headers['content-type'] ?? '' },
    });
  }
}

/**
 * Reads an answer: JSON checked by the schema, `null` for an empty body, text for other content types.
 * Answers that `acceptStatus` let through are parsed but not checked by the schema.
 * @throws TenonError `PROVIDER_INVALID_RESPONSE`; it names the places, never the values.
 */
export async function readResponse<Output>(
  response: HttpResponse,
  call: CallName,
  options: ApiCallOptions<Output> | undefined,
): Promise<ApiResponse<Output>> {
  const { status, headers } = response;
  const schema = status >= 200 && status < 300 ? options?.schema : undefined;
  let data = parse(response, call, schema !== undefined);
  if (schema) {
    const pending = schema['~standard'].validate(data);
    const result = pending instanceof Promise ? await pending : pending;
    if (result.issues) {
      const places = result.issues.slice(0, 10).map(({ path }) => pathOf(path));
      throw providerInvalidResponse(call, `JSON that does not fit its schema`, {
        facts: { status, places },
      });
    }
    data = result.value;
  }
  return { status, headers, data: data as Output, text: () => response.text() };
}

function pathOf(path: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined) {
  return (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}
