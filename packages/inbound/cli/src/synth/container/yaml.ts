/** What YAML is made of here. */
export type Yaml = string | number | boolean | readonly Yaml[] | { readonly [key: string]: Yaml };

const PLAIN = /^[A-Za-z/][A-Za-z0-9/._-]*$/;
// What YAML 1.1 or 1.2 takes for something else than text.
const MEANS_MORE = /^(y|n|yes|no|on|off|true|false|null)$/i;

/** JSON's quoting is YAML's, too. */
function text(value: string): string {
  return PLAIN.test(value) && !MEANS_MORE.test(value) ? value : JSON.stringify(value);
}

function isEmpty(value: Yaml): boolean {
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function lines(value: Yaml): string[] {
  if (typeof value === 'string') return [text(value)];
  if (typeof value !== 'object' || isEmpty(value)) return [JSON.stringify(value)];
  if (Array.isArray(value)) {
    return (value as readonly Yaml[]).flatMap((item) => {
      const [first = '', ...rest] = lines(item);
      return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
    });
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const inner = lines(item);
    const fits = typeof item !== 'object' || isEmpty(item);
    if (fits) return [`${text(key)}: ${inner[0] ?? ''}`];
    return [`${text(key)}:`, ...inner.map((line) => `  ${line}`)];
  });
}

/** One YAML document: two spaces, keys in the order in which they are, quotes where they are needed. */
export function toYaml(value: Yaml): string {
  return `${lines(value).join('\n')}\n`;
}
