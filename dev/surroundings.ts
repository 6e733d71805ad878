import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { clouds } from '../functions/accounts/clouds.ts';
import { createCertificateAuthority, type CertificateAuthority } from './certificates.ts';
import { laptopTenant } from './laptop-tenant.ts';
import { startMicrosoft365, type Microsoft365 } from './microsoft365/start-microsoft365.ts';
import { startAzurite, type Storage } from './storage/azurite.ts';
import { startManagedIdentity } from './vault/managed-identity.ts';
import { readSecret } from './vault/read-secret.ts';
import { startVault, type Vault } from './vault/vault.ts';

export interface SurroundingsOptions {
  /** Where everything is kept over restarts. Left out: a temporary folder that goes with the rest. */
  folder?: string | undefined;
  /** Where browsers will reach Postern. */
  publicUrl: string;
}

/** All that Postern needs in Azure and of Microsoft, on this machine. */
export interface Surroundings {
  readonly microsoft365: Microsoft365;
  readonly storage: Storage;
  readonly vault: Vault;
  /** Whose certificates all of it trusts. */
  readonly authority: CertificateAuthority;
  /** What tells the functions where everything is. */
  readonly settings: Readonly<Record<string, string>>;
  /** Reads a secret as an operator does with `az keyvault secret show`. */
  readSecret(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts storage, identity, vault and Microsoft 365; when one does not start, those that did are stopped again. */
export async function startSurroundings({ folder, publicUrl }: SurroundingsOptions): Promise<Surroundings> {
  const place = folder ?? mkdtempSync(join(tmpdir(), 'postern-'));
  mkdirSync(place, { recursive: true });
  const within = (name: string) => (folder === undefined ? {} : { folder: join(folder, name) });
  const ending: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    while (ending.length > 0) await ending.pop()?.();
    if (folder === undefined) rmSync(place, { recursive: true, force: true });
  };

  try {
    const authority = await createCertificateAuthority();
    const certificateFile = join(place, 'certificate-authority.pem');
    writeFileSync(certificateFile, authority.certificate);
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority.certificate]);
    const certificate = await authority.issue(['localhost', '127.0.0.1']);

    const storage = await startAzurite(within('storage'));
    ending.push(storage.stop);
    const identity = await startManagedIdentity(laptopTenant.tenantId);
    ending.push(identity.stop);
    const vault = await startVault({
      ...within('vault'),
      tls: certificate,
      tenantId: laptopTenant.tenantId,
      isToken: (token) => identity.isToken(token, 'https://vault.azure.net'),
    });
    ending.push(vault.stop);
    const { clientId, clientSecret } = laptopTenant;
    const microsoft365 = await startMicrosoft365({
      ...within('microsoft365'),
      ...laptopTenant,
      tls: certificate,
      ports: folder === undefined ? {} : rememberedPorts(folder),
      applications: [
        {
          clientId,
          clientSecrets: [clientSecret],
          redirectUris: [`${publicUrl}/microsoft_outlook/confirm`, `${publicUrl}/console/signed-in`],
          name: 'Postern',
          federatedCredentials: [
            {
              issuer: identity.issuer,
              subject: identity.principalId,
              audience: clouds.global.tokenExchangeAudience,
            },
          ],
          applicationPermissions: ['IMAP.AccessAsApp', 'SMTP.SendAsApp'],
        },
        laptopTenant.caller,
      ],
      issuers: [identity],
    });
    ending.push(() => microsoft365.stop());
    if (folder !== undefined) rememberPorts(folder, microsoft365);

    return {
      microsoft365,
      storage,
      vault,
      authority,
      settings: {
        AzureWebJobsStorage: storage.connectionString,
        AzureWebJobsDisableHomepage: 'true',
        FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '167772160',
        KEY_VAULT_URL: vault.url,
        PUBLIC_URL: publicUrl,
        MICROSOFT_LOGIN_URL: microsoft365.authority,
        OUTLOOK_SMTP_SERVER: `localhost:${microsoft365.smtp.port}`,
        OUTLOOK_IMAP_SERVER: `localhost:${microsoft365.imap.port}`,
        WEBHOOK_PRIVATE_NETWORKS: '127.0.0.0/8,::1/128',
        IDENTITY_ENDPOINT: identity.endpoint,
        IDENTITY_HEADER: identity.header,
        NODE_EXTRA_CA_CERTS: certificateFile,
      },
      readSecret: (name) => readSecret(vault.url, name, identity),
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** The ports that must stay the same over restarts, for servers that were configured with them. */
interface Ports {
  login: number;
  smtp: number;
  imap: number;
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
