/** The page on which a user logs in. */
export function loginPage(uid: string, client: string, problem?: string): string {
  return page(
    'Log in',
    `<p>${escape(client)} would like to connect to your CRM account.</p>
${problem === undefined ? '' : `<p role="alert">${escape(problem)}</p>`}
<form method="post" action="/interaction/${escape(uid)}/login">
<label>User name <input name="username" autocomplete="username" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button type="submit">Log in</button>
</form>`,
  );
}

/** The page on which a user allows or refuses what a client asks for. */
export function consentPage(uid: string, client: string, scopes: readonly string[]): string {
  return page(
    'Allow access',
    `<p>${escape(client)} asks for:</p>
<ul>${scopes.map((scope) => `<li>${escape(scope)}</li>`).join('')}</ul>
<form method="post" action="/interaction/${escape(uid)}/consent">
<button type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny">Refuse</button>
</form>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escape(title)} - Example CRM</title></head>
<body><main><h1>${escape(title)}</h1>
${body}
</main></body>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
