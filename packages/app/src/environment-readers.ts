/** Reads the text of a variable; says what is wrong in words that follow its name. */
export type Reader<Value> = (text: string, wrong: (message: string) => void) => Value;

export const anyText: Reader<string> = (text) => text;

export const url: Reader<string> = (text, wrong) => {
  if (!URL.canParse(text)) wrong('must be a URL such as https://integrations.example.com');
  return text;
};

export const databaseUrl: Reader<string> = (text, wrong) => {
  if (!/^(postgres(ql)?|mongodb(\+srv)?):\/\//.test(text)) {
    wrong('must begin with postgresql://, mongodb:// or mongodb+srv://');
  }
  return text;
};

/** Entries with commas between. */
export const list: Reader<string[]> = (text) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** `name=value` pairs with commas between. */
export const pairs: Reader<[string, string][]> = (text, wrong) =>
  list(text, wrong).map((entry) => {
    const equals = entry.indexOf('=');
    // What stands before the sign is a name; without one the whole entry may be a key.
    if (equals < 1) wrong('must be name=value pairs with commas between');
    return [entry.slice(0, equals).trim(), entry.slice(equals + 1).trim()];
  });

export const whole =
  (minimum: number, maximum: number): Reader<number> =>
  (text, wrong) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < minimum || value > maximum)
      wrong(`must be a whole number from ${minimum} to ${maximum}`);
    return value;
  };

export const atLeast =
  (length: number): Reader<string> =>
  (text, wrong) => {
    if (text.length < length) wrong(`must have at least ${length} characters`);
    return text;
  };

export const oneOf =
  <Value extends string>(...values: readonly Value[]): Reader<Value> =>
  (text, wrong) => {
    const value = values.find((each) => each === text);
    if (value === undefined) wrong(`must be one of ${values.join(', ')}`);
    return value ?? (text as Value);
  };

export const trueOrFalse: Reader<boolean> = (text, wrong) => {
  if (text !== 'true' && text !== 'false') wrong("must be 'true' or 'false'");
  return text === 'true';
};
