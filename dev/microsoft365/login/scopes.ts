import { EntraRefusal } from './entra-error.ts';

/** What a `scope` parameter asks for. */
export interface Scopes {
  /** `openid`, `profile`, `email`, `offline_access`: about the sign-in itself, of no resource. */
  signIn: ReadonlySet<string>;
  /** Resource (`https://outlook.office.com`) to the names asked of it (`SMTP.Send`). */
  resources: ReadonlyMap<string, readonly string[]>;
}

const signInScopes = ['openid', 'profile', 'email', 'offline_access'];
/** What a name without a resource belongs to. */
export const graph = 'https://graph.microsoft.com';
/** Exchange Online. The second name works for work accounts only, in Microsoft's cloud as here. */
export const outlook = 'https://outlook.office.com';
export const outlookResources = [outlook, 'https://outlook.office365.com'];
const outlookScopes = ['IMAP.AccessAsUser.All', 'SMTP.Send', 'POP.AccessAsUser.All', '.default'];

/**
 * Splits a `scope` parameter.
 *
 * @throws EntraRefusal 90014 without any scope, 650053 for a permission Exchange Online does not have
 */
export function parseScopes(text: string): Scopes {
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) throw new EntraRefusal(90014, "The field is 'scope'.");
  const resources = new Map<string, string[]>();
  for (const word of words.filter((candidate) => !signInScopes.includes(candidate))) {
    const slash = word.lastIndexOf('/');
    const resource = slash < 0 ? graph : word.slice(0, slash);
    const name = word.slice(slash + 1);
    if (outlookResources.includes(resource) && !outlookScopes.includes(name)) {
      throw new EntraRefusal(650053, `The scope is '${name}', the resource '${resource}'.`);
    }
    resources.set(resource, [...(resources.get(resource) ?? []), name]);
  }
  return { signIn: new Set(words.filter((word) => signInScopes.includes(word))), resources };
}

/**
 * The one resource a token is for: tokens have one audience.
 *
 * @throws EntraRefusal 28000 when more than one is asked for
 */
export function onlyResource({ resources }: Scopes): { resource: string; names: readonly string[] } {
  if (resources.size > 1) throw new EntraRefusal(28000, `The resources are ${[...resources.keys()].join(', ')}.`);
  const [first] = resources;
  return first ? { resource: first[0], names: first[1] } : { resource: graph, names: ['User.Read'] };
}

/** Every permission in full (`https://outlook.office.com/SMTP.Send`), without those of the sign-in. */
export function permissionsOf({ resources }: Scopes): string[] {
  return [...resources].flatMap(([resource, names]) => names.map((name) => `${resource}/${name}`));
}
