const QUERY_OF = `
/** A parameter of the query that is no plain value: objects as \`name[key]\`, other things as text. */
function queryOf(name: string, value: unknown): Record<string, string | string[]> {
  if (value === undefined || value === null) return {};
  if (Array.isArray(value)) return { [name]: value.map((each) => textOf(each)) };
  if (typeof value !== 'object') return { [name]: textOf(value) };
  const given = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
  return Object.fromEntries(given.map(([key, each]) => [\`\${name}[\${key}]\`, textOf(each)]));
}
`;

const HEADER_OF = `
function headerOf(name: string, value: unknown): Record<string, string> {
  return value === undefined || value === null ? {} : { [name]: textOf(value) };
}
`;

/** What a body may be. */
export const JSON_BODY = `
type JsonBody = JsonValue | object;
`;

const TEXT_OF = `
function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
`;

/** The functions that methods call, of those that there are. */
export function helpersOf(methods: string): string {
  const [query, header] = [methods.includes('queryOf('), methods.includes('headerOf(')];
  return `${query ? QUERY_OF : ''}${header ? HEADER_OF : ''}${query || header ? TEXT_OF : ''}`;
}
