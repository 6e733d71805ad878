import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What `az` does when it is called: prints, complains, ends with a code (0 when left out). */
export interface Behaviour {
  readonly answer?: string;
  readonly complaint?: string;
  readonly code?: number;
}

export interface StandInAz {
  /** A PATH on which it comes first. */
  readonly path: string;
  /** How commands that begin with these words behave: each call as the next of these, from then on as the last. */
  behave(words: string, ...behaviours: Behaviour[]): void;
  /** Everything works: there is no group yet, and the app that is deployed listens at this host name. */
  behaveWell(hostName: string): void;
  /** The command lines it was called with, in order. */
  calls(): string[];
}

/** The program: notes its arguments, then does as its script says. */
const program = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const line = process.argv.slice(2).join(' ');
const calls = __dirname + '/calls';
const script = JSON.parse(readFileSync(__dirname + '/script.json', 'utf8'));
const words = Object.keys(script).find((each) => line.startsWith(each)) ?? '';
const before = readFileSync(calls, 'utf8').split('\\n').filter((each) => words !== '' && each.startsWith(words)).length;
appendFileSync(calls, line + '\\n');
const behaviours = script[words] ?? [{ code: 2, complaint: "'" + line + "' is misspelled or not recognized by the system." }];
const { answer = '', complaint = '', code = 0 } = behaviours[Math.min(before, behaviours.length - 1)];
process.stdout.write(answer);
process.stderr.write(complaint);
process.exitCode = code;
`;

/** Puts a program called `az` into a folder, which notes how it is called and answers as it is told. */
export function installStandInAz(folder: string): StandInAz {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = (name: string) => join(folder, name);
  const script: Record<string, Behaviour[]> = {};
  writeFileSync(file('az'), program);
  chmodSync(file('az'), 0o755);
  writeFileSync(file('calls'), '');
  writeFileSync(file('script.json'), '{}');
  const behave = (words: string, ...behaviours: Behaviour[]): void => {
    script[words] = behaviours;
    writeFileSync(file('script.json'), JSON.stringify(script));
  };
  return {
    path: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
    behave,
    behaveWell(hostName) {
      behave('account show', { answer: '{"id": "s1", "user": {"name": "ada@contoso.com", "type": "user"}}' });
      behave('group exists', { answer: 'false\n' }, { answer: 'true\n' });
      behave('group create', {});
      behave('deployment group create', { answer: JSON.stringify(outputsAt(hostName)) });
      behave('functionapp deployment source config-zip', {});
    },
    calls: () => readFileSync(file('calls'), 'utf8').split('\n').filter(Boolean),
  };
}

function outputsAt(hostName: string): Record<string, { value: unknown }> {
  const outputs = {
    appName: 'postern-abc',
    hostName,
    siteUrl: 'https://mail.example.com',
    redirectUris: ['https://mail.example.com/microsoft_outlook/confirm', 'https://mail.example.com/console/signed-in'],
    clientId: 'c1',
    identityPrincipalId: 'p1',
    vaultName: 'postern-v',
  };
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value }]));
}
