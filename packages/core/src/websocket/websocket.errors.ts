import { ForbiddenError, ValidationError } from '../platform/common.errors.js';
import { TenonError } from '../platform/tenon.error.js';

/** `WEBSOCKET_ORIGIN_REFUSED`: a page of another site wants to connect. */
export function originRefused(origin: string): TenonError {
  return new TenonError({
    code: 'WEBSOCKET_ORIGIN_REFUSED',
    category: 'forbidden',
    message: `Pages of '${origin.slice(0, 200)}' may not connect; add the origin to TENON_WEB_ORIGINS`,
  });
}

/** `WEBSOCKET_TOO_MANY_CONNECTIONS`: the user has as many as one may have. */
export function tooManySockets(limit: number): TenonError {
  return new TenonError({
    code: 'WEBSOCKET_TOO_MANY_CONNECTIONS',
    category: 'rate_limited',
    message: `This user has ${limit} websocket connections, which is the most; close one`,
    details: { limit },
  });
}

/** `WEBSOCKET_TOO_MANY_TOPICS`: the connection hears as many as one may hear. */
export function tooManyTopics(limit: number): TenonError {
  return new TenonError({
    code: 'WEBSOCKET_TOO_MANY_TOPICS',
    category: 'precondition',
    message: `A connection hears at most ${limit} topics; unsubscribe from one`,
    details: { limit },
  });
}

/** `WEBSOCKET_TOPIC_UNKNOWN`: there are no such topics. */
export function topicUnknown(topic: string): ValidationError {
  const message = "one of 'connections', 'runs/<id>', 'installations/<id>', 'custom/<name>'";
  return new ValidationError(
    `The topic '${topic.slice(0, 100)}'`,
    [{ path: 'topic', message }],
    'WEBSOCKET_TOPIC_UNKNOWN',
  );
}

/** `FORBIDDEN`: the app does not let this user hear the topic, or says nothing of topics of its own. */
export function topicForbidden(topic: string): ForbiddenError {
  return new ForbiddenError(`This user may not hear '${topic.slice(0, 100)}'`);
}

/** `WEBSOCKET_MESSAGE_INVALID`: the message of a client is none of the protocol. */
export function socketMessageInvalid(problem: string): ValidationError {
  return new ValidationError(
    'The message',
    [{ path: '', message: problem }],
    'WEBSOCKET_MESSAGE_INVALID',
  );
}

/** `WEBSOCKET_MESSAGE_TOO_LARGE`. */
export function socketMessageTooLarge(bytes: number, limit: number): TenonError {
  return new TenonError({
    code: 'WEBSOCKET_MESSAGE_TOO_LARGE',
    category: 'too_large',
    message: `The message has ${bytes} bytes of JSON; a websocket takes at most ${limit}. Publish where to read it instead`,
    details: { bytes, limit },
  });
}

/** `WEBSOCKET_GONE`: nobody is connected under this id any more. */
export function socketGone(): TenonError {
  return new TenonError({
    code: 'WEBSOCKET_GONE',
    category: 'not_found',
    message: 'This websocket connection has ended; connect again',
  });
}

/** `WEBSOCKET_SEND_FAILED`: the gateway does not take the message now; the connection may be there. */
export function socketSendFailed(problem: string, cause?: unknown): TenonError {
  return new TenonError({
    code: 'WEBSOCKET_SEND_FAILED',
    category: 'unavailable',
    message: `A websocket message could not be sent: ${problem}`,
    ...(cause !== undefined && { cause }),
  });
}
