import type { JsonValue } from '../platform/json.js';
import { recordingInvalid } from './recording.errors.js';

/** The format that is written. Readers refuse others. */
const VERSION = 1;

/** A body as text, or as base64 where it is none. Neither: an empty one. */
export interface RecordedBody {
  readonly body?: string;
  readonly bodyBase64?: string;
}

/** A request as recorded: without secrets. */
export interface RecordedCall extends RecordedBody {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body without its secrets, as base64url; null without a body. */
  readonly bodyHash: string | null;
}

/** An answer as recorded: without secrets. */
export interface RecordedAnswer extends RecordedBody {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** One request and what came of it. */
export interface RecordedExchange {
  readonly request: RecordedCall;
  /** Null when there was no answer. */
  readonly response: RecordedAnswer | null;
  /** Why there was none. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** What a recording is of. */
export interface RecordingHead {
  readonly integration: string | null;
  readonly job: string | null;
  readonly input: JsonValue;
  /** Names of parameters and headers that carry the credentials of its connectors. */
  readonly secretNames: readonly string[];
}

/** Requests in their order, with what came of them. */
export interface Recording extends RecordingHead {
  readonly exchanges: readonly RecordedExchange[];
}

/** A recording as text: JSON Lines, the first of which says what it is. */
export function formatRecording(recording: Recording): string {
  const { exchanges, ...head } = recording;
  const lines = [{ tenonRecording: VERSION, ...head }, ...exchanges];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return isFields(value) && Object.values(value).every((each) => typeof each === 'string');
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || isText(value);
}

function parseLine(text: string, line: number): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw recordingInvalid(line, 'it is no JSON');
  }
  if (isFields(value)) return value;
  throw recordingInvalid(line, 'it is no JSON object');
}

function parseHead(text: string): RecordingHead {
  const { tenonRecording: version, ...head } = parseLine(text, 1);
  if (version !== VERSION) {
    throw recordingInvalid(
      1,
      version === undefined
        ? 'it does not begin with {"tenonRecording":1,…}; make one with \'tenon run --record FILE\''
        : `it has version ${JSON.stringify(version)}, this reads ${VERSION}`,
    );
  }
  const { integration = null, job = null, input = null, secretNames = [] } = head;
  if (!Array.isArray(secretNames) || !secretNames.every(isText)) {
    throw recordingInvalid(1, 'secretNames is a list of texts');
  }
  return {
    integration: isText(integration) ? integration : null,
    job: isText(job) ? job : null,
    input: input as JsonValue,
    secretNames,
  };
}

function checkBody(of: Fields, line: number): void {
  const { body, bodyBase64 } = of;
  if (isOptionalText(body) && isOptionalText(bodyBase64)) return;
  throw recordingInvalid(line, 'body and bodyBase64 are texts');
}

function parseExchange(text: string, line: number): RecordedExchange {
  const value = parseLine(text, line);
  const { request, response } = value;
  if (!isFields(request) || !isText(request['method']) || !isText(request['url'])) {
    throw recordingInvalid(line, 'request needs a method and a url');
  }
  if (!isTexts(request['headers'] ?? {})) throw recordingInvalid(line, 'headers are texts');
  checkBody(request, line);
  if (response === null) {
    const { error } = value;
    if (isFields(error) && isText(error['code']) && isText(error['message']))
      return { headers: {}, bodyHash: null, ...value } as unknown as RecordedExchange;
    throw recordingInvalid(line, 'without a response there is an error with code and message');
  }
  if (!isFields(response) || !Number.isInteger(response['status'])) {
    throw recordingInvalid(line, 'response needs a status');
  }
  if (!isTexts(response['headers'] ?? {})) throw recordingInvalid(line, 'headers are texts');
  checkBody(response, line);
  return {
    request: { headers: {}, bodyHash: null, ...request },
    response: { headers: {}, ...response },
  } as unknown as RecordedExchange;
}

/** Reads what {@link formatRecording} wrote. @throws TenonError `RECORDING_INVALID`, naming the line. */
export function parseRecording(text: string): Recording {
  const [first = '', ...rest] = text.split('\n');
  const head = parseHead(first);
  const exchanges = rest.flatMap((line, index) =>
    line.trim() === '' ? [] : [parseExchange(line, index + 2)],
  );
  return { ...head, exchanges };
}
