const MAX_NAMED = 3;

/** Some paths by name, and how many more there are. */
export function namedPaths(paths: readonly string[]): string {
  const rest = paths.length - MAX_NAMED;
  const first = paths.slice(0, MAX_NAMED).join(', ');
  return rest > 0 ? `${first} and ${rest} more` : first;
}
