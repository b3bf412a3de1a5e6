import type { AwsFault } from './aws-fault.js';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  return `<${name}>${xml(value)}</${name}>`;
}

/** A value as the XML of AWS' query protocol: members of lists are called `member`. */
function xml(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((each) => element('member', each)).join('');
  if (typeof value !== 'object' || value === null) return escape(String(value));
  return Object.entries(value)
    .map(([name, each]) => element(name, each))
    .join('');
}

/** The answer to an operation. */
export function queryAnswer(operation: string, result: object): string {
  return element(`${operation}Response`, {
    [`${operation}Result`]: result,
    ResponseMetadata: { RequestId: 'loopback' },
  });
}

/** The answer that says what went wrong. */
export function queryFault({ type, message, status }: AwsFault): string {
  const Type = status < 500 ? 'Sender' : 'Receiver';
  return element('ErrorResponse', {
    Error: { Type, Code: type, Message: message },
    RequestId: 'loopback',
  });
}

/** The structures of a list in a form: `Parameters.member.1.ParameterKey=…`. */
export function queryList(
  form: URLSearchParams,
  name: string,
): readonly Readonly<Record<string, string>>[] {
  const found = new Map<string, Record<string, string>>();
  for (const [key, value] of form) {
    const [, index, member] = new RegExp(`^${name}\\.member\\.(\\d+)\\.(\\w+)$`).exec(key) ?? [];
    if (index === undefined || member === undefined) continue;
    found.set(index, { ...found.get(index), [member]: value });
  }
  return [...found.values()];
}
