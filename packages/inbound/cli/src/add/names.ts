import { UsageError } from '../cli.errors.js';

/** One name in the forms that code needs. */
export interface Names {
  /** `google-drive` */
  readonly kebab: string;
  /** `googleDrive` */
  readonly camel: string;
  /** `GoogleDrive` */
  readonly pascal: string;
  /** `GOOGLE_DRIVE` */
  readonly upper: string;
  /** `Google drive` */
  readonly label: string;
}

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const MAX_LENGTH = 63;

/** @throws UsageError saying what a name may be. */
export function checkName(name: string, what = 'NAME'): string {
  if (NAME.test(name) && name.length <= MAX_LENGTH) return name;
  throw new UsageError(
    `${what} must be 1 to ${MAX_LENGTH} lower-case letters, digits and single dashes between them, and begin with a letter, not '${name.slice(0, 100)}'`,
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The forms of a name in kebab case. */
export function namesOf(kebab: string): Names {
  const words = kebab.split('-');
  const pascal = words.map(capital).join('');
  return {
    kebab,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    pascal,
    upper: words.join('_').toUpperCase(),
    label: capital(words.join(' ')),
  };
}

/** How a name is written as a key of an object. */
export function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
}
