import type { LogFields } from '@tenon/core';
import { isWebsocketEvent } from './websocket-event.js';
import { payloadFormatOf, type ApiGatewayV2Event, type ApiGatewayV1Event } from './http-event.js';

interface EventShape {
  readonly Records?: unknown;
  readonly source?: unknown;
  readonly id?: unknown;
  readonly 'detail-type'?: unknown;
}

interface RecordShape {
  readonly eventSource?: unknown;
  readonly messageId?: unknown;
}

function ofHttp(event: ApiGatewayV2Event | ApiGatewayV1Event): LogFields {
  return 'rawPath' in event
    ? { type: 'http', method: event.requestContext.http.method, path: event.rawPath }
    : { type: 'http', method: event.httpMethod, path: event.path };
}

function ofRecords(records: readonly RecordShape[]): LogFields {
  return {
    type: records[0]?.eventSource ?? 'records',
    records: records.length,
    messageIds: records.slice(0, 10).map((record) => record.messageId ?? null),
  };
}

/**
 * What may be said of an event in a log: where it came from and how to find it again. Never a header, a query string or
 * a body, where credentials and customer data travel.
 */
export function summariseEvent(event: unknown): LogFields {
  if (typeof event !== 'object' || event === null) return { type: typeof event };
  if (payloadFormatOf(event) !== null) return ofHttp(event as ApiGatewayV1Event);
  if (isWebsocketEvent(event)) {
    const { eventType, connectionId } = event.requestContext;
    return { type: 'websocket', event: eventType, connectionId };
  }
  const shape: EventShape = event;
  if (Array.isArray(shape.Records)) return ofRecords(shape.Records as readonly RecordShape[]);
  if (typeof shape.source === 'string') {
    return { type: shape.source, detailType: shape['detail-type'] ?? null, id: shape.id ?? null };
  }
  return { type: 'object', keys: Object.keys(event).slice(0, 20) };
}
