import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { createCertificateAuthority } from './certificates.ts';
import { startHost, type Host } from './host/start-host.ts';
import { laptopTenant } from './laptop-tenant.ts';
import { startMicrosoft365, type Microsoft365 } from './microsoft365/start-microsoft365.ts';
import { startAzurite, type Storage } from './storage/azurite.ts';
import { startManagedIdentity } from './vault/managed-identity.ts';
import { startVault, type Vault } from './vault/vault.ts';

export interface StackOptions {
  /** Where everything is kept over restarts. Left out: a temporary folder that goes with the stack. */
  folder?: string | undefined;
  /** Where the API listens; left out: any free port. */
  port?: number | undefined;
  /** Takes every line the host prints. */
  log?: ((line: string) => void) | undefined;
  /** Settings to add or to replace. */
  settings?: Readonly<Record<string, string>>;
}

/** Postern and all it needs, on this machine: the same functions as in Azure, told other addresses. */
export interface Stack {
  readonly url: string;
  readonly host: Host;
  readonly microsoft365: Microsoft365;
  readonly storage: Storage;
  readonly vault: Vault;
  /** What the functions are told. */
  readonly settings: Readonly<Record<string, string>>;
  /** Another host on the same storage, as a second instance in Azure. */
  startSecondHost(): Promise<Host>;
  /** The key that Postern made for whoever may read the vault. */
  firstAdminKey(): Promise<string>;
  stop(): Promise<void>;
}

/** The ports that must stay the same over restarts, for servers that were configured with them. */
interface Ports {
  login: number;
  smtp: number;
  imap: number;
}

/** Starts everything; when something does not start, what did is stopped again. The functions must be built. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'postern-'));
  mkdirSync(folder, { recursive: true });
  const ending: (() => Promise<void> | void)[] = [];
  if (options.folder === undefined)
    ending.push(() => {
      rmSync(folder, { recursive: true, force: true });
    });
  const stop = async (): Promise<void> => {
    while (ending.length > 0) await ending.pop()?.();
  };

  try {
    const authority = await createCertificateAuthority();
    const certificateFile = join(folder, 'certificate-authority.pem');
    writeFileSync(certificateFile, authority.certificate);
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.certificate]);
    const certificate = await authority.issue(['localhost', '127.0.0.1']);

    const keep = options.folder === undefined ? undefined : folder;
    const within = (name: string) => (keep === undefined ? {} : { folder: join(keep, name) });
    const storage = await startAzurite(within('storage'));
    ending.push(storage.stop);
    const identity = await startManagedIdentity();
    ending.push(identity.stop);
    const vault = await startVault({
      ...within('vault'),
      tls: certificate,
      tenantId: laptopTenant.tenantId,
      isToken: (token) => identity.isToken(token, 'https://vault.azure.net'),
    });
    ending.push(vault.stop);

    const port = options.port ?? (await freePort());
    const url = `http://localhost:${port}`;
    const microsoft365 = await startMicrosoft365({
      ...within('microsoft365'),
      ...laptopTenant,
      tls: certificate,
      ports: keep === undefined ? {} : rememberedPorts(keep),
      applications: [
        {
          clientId: laptopTenant.clientId,
          clientSecrets: [laptopTenant.clientSecret],
          redirectUris: [`${url}/microsoft_outlook/confirm`],
          name: 'Postern',
        },
      ],
    });
    ending.push(microsoft365.stop);
    if (keep !== undefined) rememberPorts(keep, microsoft365);

    const settings = {
      AzureWebJobsStorage: storage.connectionString,
      AzureWebJobsDisableHomepage: 'true',
      KEY_VAULT_URL: vault.url,
      PUBLIC_URL: url,
      MICROSOFT_LOGIN_URL: microsoft365.authority,
      OUTLOOK_SMTP_SERVER: `localhost:${microsoft365.smtp.port}`,
      OUTLOOK_IMAP_SERVER: `localhost:${microsoft365.imap.port}`,
      WEBHOOK_PRIVATE_NETWORKS: '127.0.0.0/8,::1/128',
      IDENTITY_ENDPOINT: identity.endpoint,
      IDENTITY_HEADER: identity.header,
      NODE_EXTRA_CA_CERTS: certificateFile,
      ...options.settings,
    };
    const root = fileURLToPath(new URL('..', import.meta.url));
    const startOne = async (at: number): Promise<Host> => {
      const host = await startHost({ root, port: at, env: settings, ...(options.log && { log: options.log }) });
      ending.push(host.stop);
      return host;
    };
    const host = await startOne(port);

    return {
      url,
      host,
      microsoft365,
      storage,
      vault,
      settings,
      startSecondHost: () => startOne(0),
      async firstAdminKey() {
        await host.runTimer('sweepTimer');
        return readSecret(vault.url, 'first-admin-key', identity);
      },
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** Reads a secret as an operator does with `az keyvault secret show`. */
async function readSecret(
  vaultUrl: string,
  name: string,
  identity: { endpoint: string; header: string },
): Promise<string> {
  const { SecretClient } = await import('@azure/keyvault-secrets');
  const getToken = async () => {
    const url = `${identity.endpoint}?api-version=2019-08-01&resource=https://vault.azure.net`;
    const response = await fetch(url, { headers: { 'x-identity-header': identity.header } });
    const { access_token, expires_on } = (await response.json()) as { access_token: string; expires_on: string };
    return { token: access_token, expiresOnTimestamp: Number(expires_on) * 1000 };
  };
  const client = new SecretClient(vaultUrl, { getToken }, { disableChallengeResourceVerification: true });
  return (await client.getSecret(name)).value ?? '';
}

function rememberedPorts(folder: string): Partial<Ports> {
  try {
    return JSON.parse(readFileSync(join(folder, 'ports.json'), 'utf8')) as Ports;
  } catch {
    // The first start with this folder.
    return {};
  }
}

function rememberPorts(folder: string, { authority, smtp, imap }: Microsoft365): void {
  const ports: Ports = { login: Number(new URL(authority).port), smtp: smtp.port, imap: imap.port };
  writeFileSync(join(folder, 'ports.json'), JSON.stringify(ports));
}

/** A port nobody listens on at this moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
