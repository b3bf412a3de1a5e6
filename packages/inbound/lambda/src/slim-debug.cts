/** What Express' packages ask of `debug`. */
interface Debug {
  (): void;
  enabled: boolean;
}

/**
 * Stands in for the `debug` package in bundles: says nothing. Express' own notes, which the variable `DEBUG` would switch on,
 * are for those who work on Express. CommonJS, because the package is: it is its function.
 */
function silent(): Debug {
  return Object.assign((): void => undefined, { enabled: false });
}

export = silent;
