import type { OutgoingHttpHeaders } from 'node:http';
import type { CollectedResponse } from './gateway-response.js';
import type { HttpResult, PayloadFormat } from './http-event.js';
import { encodeBody } from './text-body.js';

type HeaderValue = OutgoingHttpHeaders[string];

function text(value: HeaderValue): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function list(value: HeaderValue): string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function headerText(headers: OutgoingHttpHeaders, name: string): string {
  const value = headers[name];
  return value === undefined ? '' : text(value).trim().toLowerCase();
}

/** Name by name, so that results keep the order in which headers were set. */
function spellV2(result: HttpResult, headers: OutgoingHttpHeaders): void {
  const single: Record<string, string> = {};
  for (const name in headers) {
    if (name === 'set-cookie') result.cookies = list(headers[name]);
    else single[name] = text(headers[name]);
  }
  result.headers = single;
}

function spellV1(result: HttpResult, headers: OutgoingHttpHeaders): void {
  const single: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) (result.multiValueHeaders ??= {})[name] = value.map(String);
    else single[name] = text(value);
  }
  result.headers = single;
}

function spellMultiValue(result: HttpResult, headers: OutgoingHttpHeaders): void {
  const lists: Record<string, string[]> = {};
  for (const name in headers) lists[name] = list(headers[name]);
  result.multiValueHeaders = lists;
}

/** `set-cookie`, `Set-cookie`, `sEt-cookie`, … : different keys for JSON, the same header for HTTP. */
function casing(name: string, variant: number): string {
  let bits = variant;
  return name.replace(/[a-z]/g, (letter) => {
    const upper = bits % 2 === 1;
    bits = Math.floor(bits / 2);
    return upper ? letter.toUpperCase() : letter;
  });
}

/** Cookies cannot be joined by commas, and a target group without multi-value headers takes one value per name. */
function spellAlb(result: HttpResult, headers: OutgoingHttpHeaders): void {
  const single: Record<string, string> = {};
  for (const name in headers) {
    if (name !== 'set-cookie') single[name] = text(headers[name]);
    else list(headers[name]).forEach((cookie, index) => (single[casing(name, index)] = cookie));
  }
  result.headers = single;
}

const SPELL: Readonly<
  Record<PayloadFormat, (result: HttpResult, headers: OutgoingHttpHeaders) => void>
> = {
  'api-gateway-v1': spellV1,
  'api-gateway-v2': spellV2,
  'alb-multi-value': spellMultiValue,
  alb: spellAlb,
};

/** Spells a finished response the way the gateway of the event expects it. */
export function toHttpResult(response: CollectedResponse, format: PayloadFormat): HttpResult {
  const { headers } = response;
  const { body, isBase64Encoded } = encodeBody(
    response.chunks,
    headerText(headers, 'content-type'),
    headerText(headers, 'content-encoding'),
  );
  const result: HttpResult = { statusCode: response.statusCode, body, isBase64Encoded };
  SPELL[format](result, headers);
  return result;
}
