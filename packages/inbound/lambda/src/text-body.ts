import { isUtf8 } from 'node:buffer';

const TEXT_TYPE =
  /^(?:text\/|multipart\/|application\/(?:[\w.-]+\+)?(?:json|xml|yaml|javascript|ecmascript|graphql|x-www-form-urlencoded|x-ndjson|ndjson|jsonl|sql|x-sh|toml)$|image\/svg\+xml$|message\/http$)/;

function decideFromType(contentType: string): boolean {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  if (!TEXT_TYPE.test(type.trim())) return false;
  const charset = parameters.find((parameter) => parameter.trim().startsWith('charset='));
  return charset === undefined || /=\s*"?(?:utf-?8|us-ascii)"?\s*$/.test(charset);
}

/** Types repeat from answer to answer; the bound keeps generated boundaries from filling memory. */
const decided = new Map<string, boolean>();
const MAX_DECIDED = 200;

function isTextType(contentType: string): boolean {
  const known = decided.get(contentType);
  if (known !== undefined) return known;
  const text = decideFromType(contentType);
  if (decided.size < MAX_DECIDED) decided.set(contentType, text);
  return text;
}

/**
 * True when the headers promise text that survives a trip through a JSON string: an uncompressed text type in UTF-8,
 * or no type at all.
 */
export function isTextByHeaders(contentType: string, contentEncoding: string): boolean {
  if (contentEncoding !== '' && contentEncoding !== 'identity') return false;
  return contentType === '' || isTextType(contentType);
}

/** A body as gateways take it. */
export interface EncodedBody {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

const EMPTY: EncodedBody = { body: '', isBase64Encoded: false };

/**
 * Joins the pieces of a body: text where headers and bytes agree that it is, Base64 otherwise.
 * Bytes that are not UTF-8 would come out damaged, whatever their header says.
 */
export function encodeBody(
  chunks: readonly (string | Buffer)[],
  contentType: string,
  contentEncoding: string,
): EncodedBody {
  const [first] = chunks;
  if (first === undefined) return EMPTY;
  const text = isTextByHeaders(contentType, contentEncoding);
  if (text && chunks.length === 1 && typeof first === 'string') {
    return { body: first, isBase64Encoded: false };
  }
  const bytes =
    chunks.length === 1 && typeof first !== 'string'
      ? first
      : Buffer.concat(
          chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)),
        );
  return text && isUtf8(bytes)
    ? { body: bytes.toString('utf8'), isBase64Encoded: false }
    : { body: bytes.toString('base64'), isBase64Encoded: true };
}
