import type { FolderSeed } from 'hoodiecrow-imap';
import type { StoredFolder } from './message-files.ts';

// Exchange's folders and what they are for (RFC 6154).
const specialUse = new Map([
  ['Sent Items', '\\Sent'],
  ['Drafts', '\\Drafts'],
  ['Deleted Items', '\\Trash'],
  ['Junk Email', '\\Junk'],
  ['Archive', '\\Archive'],
]);

/** Exchange's folders, with what was kept of them and with those that were made later, as hoodiecrow-imap wants them. */
export function seedFolders(stored: readonly StoredFolder[]) {
  const uidvalidity = Math.floor(Date.now() / 1000);
  const seed = (path: string): FolderSeed => {
    const use = specialUse.get(path);
    return {
      ...(stored.find((folder) => folder.path === path) ?? { uidvalidity, uidnext: 1, messages: [] }),
      ...(use === undefined ? {} : { 'special-use': use }),
    };
  };

  const folders: Record<string, FolderSeed> = {};
  const paths = new Set([...specialUse.keys(), ...stored.map(({ path }) => path)]);
  paths.delete('INBOX');
  for (const path of [...paths].sort()) {
    const names = path.split('/');
    let siblings = folders;
    for (const [index, name] of names.entries()) {
      const folder = (siblings[name] ??= seed(names.slice(0, index + 1).join('/')));
      siblings = folder.folders ??= {};
    }
  }
  return { INBOX: seed('INBOX'), '': { separator: '/', folders } };
}
