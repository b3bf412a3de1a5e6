/** The words of a name in any spelling: `list-pets`, `ListPets`, `list_pets`, `GET /pets/{id}`. */
export function wordsOf(name: string): readonly string[] {
  return name
    .normalize('NFKD')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

/** `listPets` */
export function camelOf(name: string): string {
  const joined = pascalOf(name, 'Operation');
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}

/** `ListPets`; begins with `prefix` where it would begin with a digit or be nothing. */
export function pascalOf(name: string, prefix: string): string {
  const joined = wordsOf(name).map(capital).join('');
  return /^[A-Z]/.test(joined) ? joined : prefix + joined;
}

/** Gives out names, each once. */
export class UniqueNames {
  readonly #taken: Set<string>;

  constructor(reserved: Iterable<string> = []) {
    this.#taken = new Set(reserved);
  }

  take(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count += 1) name = `${wanted}${count}`;
    this.#taken.add(name);
    return name;
  }
}
