function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${canonicalJson(value)}`;
}

/** JSON in one form for equal values: no spaces, members sorted by code unit, absent ones left out. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(object).filter((name) => object[name] !== undefined);
  return `{${names
    .sort(compare)
    .map((name) => member(name, object[name]))
    .join(',')}}`;
}
