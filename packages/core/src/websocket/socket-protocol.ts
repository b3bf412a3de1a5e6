import type { JsonObject, JsonValue } from '../platform/json.js';
import { isTenonError } from '../platform/tenon.error.js';
import { utf8Length } from '../platform/utf8.js';
import { MAX_SOCKET_INPUT_BYTES, MAX_SOCKET_MESSAGE_BYTES } from './socket-sender.port.js';
import { socketMessageInvalid, socketMessageTooLarge } from './websocket.errors.js';

/** What a client may send. `id`, when it is there, comes back with the answer. */
export type SocketRequest =
  | { readonly type: 'ping'; readonly id: string | null }
  | {
      readonly type: 'subscribe' | 'unsubscribe';
      readonly topic: string;
      readonly id: string | null;
    };

const MAX_ID = 100;

function parsed(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw socketMessageInvalid('it must be JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw socketMessageInvalid('it must be an object');
}

/** The `id` of a message, for the answer; null when there is none that can be sent back. */
export function requestIdOf(text: string): string | null {
  try {
    const { id } = parsed(text);
    return typeof id === 'string' && id.length <= MAX_ID ? id : null;
  } catch {
    return null;
  }
}

/** @throws TenonError `WEBSOCKET_MESSAGE_TOO_LARGE`; ValidationError `WEBSOCKET_MESSAGE_INVALID`. */
export function parseRequest(text: string): SocketRequest {
  const bytes = utf8Length(text);
  if (bytes > MAX_SOCKET_INPUT_BYTES) throw socketMessageTooLarge(bytes, MAX_SOCKET_INPUT_BYTES);
  const { type, topic, id = null } = parsed(text);
  if (id !== null && (typeof id !== 'string' || id.length > MAX_ID)) {
    throw socketMessageInvalid(`'id' must be a text of at most ${MAX_ID} characters`);
  }
  if (type === 'ping') return { type, id };
  if (type !== 'subscribe' && type !== 'unsubscribe') {
    throw socketMessageInvalid("'type' must be one of 'subscribe', 'unsubscribe', 'ping'");
  }
  if (typeof topic !== 'string') throw socketMessageInvalid("'topic' must be a text");
  return { type, topic, id };
}

/** A message as text. @throws TenonError `WEBSOCKET_MESSAGE_TOO_LARGE`. */
export function messageText(message: JsonObject): string {
  const text = JSON.stringify(message);
  const bytes = utf8Length(text);
  if (bytes > MAX_SOCKET_MESSAGE_BYTES)
    throw socketMessageTooLarge(bytes, MAX_SOCKET_MESSAGE_BYTES);
  return text;
}

/** The answer to a request that failed. Of errors of the inside nothing is told but the request id of the log. */
export function errorText(error: unknown, about: { requestId: string; id: string | null }): string {
  const { requestId, id } = about;
  const told =
    isTenonError(error) && error.category !== 'internal' && error.category !== 'misconfigured';
  const problem: Record<string, JsonValue> = told
    ? { code: error.code, message: error.message }
    : { code: 'INTERNAL', message: `Something went wrong on our side; please quote ${requestId}` };
  return JSON.stringify({ type: 'error', ...problem, requestId, ...(id !== null && { id }) });
}
