import type { CreateUserInput } from '../app/command-inputs.js';
import { InputCheck } from '../platform/input-check.js';
import { checkPassword } from './password.js';
import type { User, UserId } from './user.js';

const USERNAME = /^[a-z0-9][a-z0-9._@+-]{1,99}$/;
const EMAIL = /^[^\s@<>]{1,64}@[^\s@<>]{1,189}$/;

/** The fields of a user that the caller chooses, checked and in their stored form. */
export type NewUser = Pick<User, 'kind' | 'username' | 'email' | 'appUserId'> & {
  readonly organizationId: UserId | null;
  readonly password: string | null;
};

function canonicalUsername(username: string): string {
  return username.trim().toLowerCase();
}

/** The form in which a user name is stored; for text that can be none, a name that nobody has. */
export function usernameToFind(username: string): string {
  const canonical = canonicalUsername(username);
  return USERNAME.test(canonical) ? canonical : '-';
}

/** @throws ValidationError naming every field that is wrong. */
export function checkNewUser(input: CreateUserInput): NewUser {
  const check = new InputCheck('The user');
  const { kind, password = null, organizationId = null } = input;
  check.expect(['individual', 'organization'].includes(kind), 'kind', 'individual or organization');
  const username = input.username === undefined ? null : canonicalUsername(input.username);
  check.expect(
    username === null || USERNAME.test(username),
    'username',
    '2 to 100 letters, digits and . _ @ + -, beginning with a letter or digit',
  );
  const email = input.email === undefined ? null : input.email.trim();
  check.expect(email === null || EMAIL.test(email), 'email', 'an e-mail address');
  const appUserId =
    input.appUserId === undefined ? null : check.text('appUserId', input.appUserId, { max: 200 });
  check.expect(
    password === null || username !== null,
    'username',
    'needed for users with a password',
  );
  if (password !== null) checkPassword(check, password, username);
  check.expect(
    organizationId === null || kind === 'individual',
    'organizationId',
    'only individuals belong to an organisation user',
  );
  check.done();
  return { kind, username, email, appUserId, organizationId, password };
}
