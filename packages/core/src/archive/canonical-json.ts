const MAX_HEADS = 2_000;
const HEADS = new Map<string, string>();

/** `"name":`; those that come again and again are kept. */
function headOf(name: string): string {
  const known = HEADS.get(name);
  if (known !== undefined) return known;
  const head = `${JSON.stringify(name)}:`;
  if (HEADS.size < MAX_HEADS) HEADS.set(name, head);
  return head;
}

function listText(list: readonly unknown[]): string {
  let text = '';
  for (const each of list) text += text === '' ? canonicalJson(each) : `,${canonicalJson(each)}`;
  return `[${text}]`;
}

/** JSON in one form for equal values: no spaces, members sorted by code unit, absent ones left out. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return listText(value);
  const object = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of Object.keys(object).sort()) {
    const member = object[name];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${headOf(name)}${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
