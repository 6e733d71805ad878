import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createCertificateAuthority, type KeyAndCertificate } from '../../dev/certificates.ts';

async function listen(tls: KeyAndCertificate) {
  const server = createServer(tls, (socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Resolves when the server's certificate was accepted under this name, rejects with the reason when it was not. */
async function trust(port: number, name: string, ca: string) {
  const socket = connect({ port, host: '127.0.0.1', servername: name, ca, checkServerIdentity: () => undefined });
  try {
    await once(socket, 'secureConnect');
    return new X509Certificate(socket.getPeerX509Certificate()?.raw ?? Buffer.alloc(0));
  } finally {
    socket.destroy();
  }
}

test('a server certificate is accepted by who trusts the authority, and by nobody else', async () => {
  const authority = await createCertificateAuthority();
  const stranger = await createCertificateAuthority();
  const port = await listen(await authority.issue(['localhost']));

  const served = await trust(port, 'localhost', authority.certificate);
  expect(served.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
  await expect(trust(port, 'localhost', stranger.certificate)).rejects.toMatchObject({
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  });
});

test('a certificate names the hosts it was asked for', async () => {
  const authority = await createCertificateAuthority();
  const { cert } = await authority.issue(['localhost', 'mail.contoso.test', '127.0.0.1', '::1', '2001:db8::a00:1']);
  const certificate = new X509Certificate(cert);

  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkHost('mail.contoso.test')).toBe('mail.contoso.test');
  expect(certificate.checkHost('contoso.test')).toBeUndefined();
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkIP('::1')).toBe('::1');
  expect(certificate.checkIP('2001:db8::a00:1')).toBe('2001:db8::a00:1');
  expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
});

test('an authority signs, a server certificate does not, and both are valid for a year', async () => {
  const authority = await createCertificateAuthority();
  const root = new X509Certificate(authority.certificate);
  const leaf = new X509Certificate((await authority.issue(['localhost'])).cert);

  expect([root.ca, leaf.ca]).toEqual([true, false]);
  expect(leaf.verify(root.publicKey)).toBe(true);
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  for (const { validFromDate, validToDate } of [root, leaf]) {
    expect(validFromDate.getTime()).toBeLessThan(Date.now());
    expect(validToDate.getTime()).toBeGreaterThan(Date.now() + 364 * 86_400_000);
  }
});

test('no two certificates share a serial number, no two authorities a name', async () => {
  const [one, other] = await Promise.all([createCertificateAuthority(), createCertificateAuthority()]);
  const leaves = await Promise.all([1, 2, 3].map(() => one.issue(['localhost'])));

  expect(new Set(leaves.map(({ cert }) => new X509Certificate(cert).serialNumber)).size).toBe(3);
  expect(new X509Certificate(one.certificate).subject).not.toBe(new X509Certificate(other.certificate).subject);
});
