import type { OpenOutgoingProbe } from '../health/outgoing-probe.ts';
import { asciiDomain } from './ascii-domain.ts';
import { demandTls } from './demand-tls.ts';
import { idlePatience, openSmtpLink, type SmtpLink } from './smtp-link.ts';
import { toSenderStep, toSmtpAuth } from './smtp-login.ts';
import { toSmtpError, type SmtpContext } from './to-smtp-error.ts';

/** A look at an outgoing server by nodemailer, as far as MAIL FROM. The call's signal ends the connection at any point. */
export const openSmtpProbe: OpenOutgoingProbe = async (server, call) => {
  const { host, port } = server;
  // Nobody has logged in yet, and no token is to blame.
  let context: SmtpContext = { host, port, user: '', proof: { kind: 'password' } };
  let link: SmtpLink;
  try {
    link = await openSmtpLink(server, call.signal);
  } catch (thrown) {
    throw toSmtpError(thrown, context);
  }
  return {
    async login(login) {
      demandTls(login);
      context = { host, port, user: login.user, proof: login.proof };
      try {
        await link.step(idlePatience, (connection, done) => {
          connection.login(toSmtpAuth(login), done);
        });
      } catch (thrown) {
        throw toSmtpError(thrown, context);
      }
    },
    async sender(from) {
      try {
        await link.step(idlePatience, (connection, done) => {
          connection.login(toSenderStep(asciiDomain(from)), done);
        });
        await link.step(idlePatience, (connection, done) => {
          connection.reset(done);
        });
      } catch (thrown) {
        throw toSmtpError(asSenderRefusal(thrown), { ...context, from });
      }
    },
    close: () => link.close(),
  };
};

/** nodemailer takes the refusal of a login of one's own for the refusal of a login. */
function asSenderRefusal(thrown: unknown): unknown {
  const { code } = thrown as { code?: unknown };
  return code === 'EAUTH'
    ? Object.assign(new Error('Sender refused', { cause: thrown }), {
        ...(thrown as object),
        code: 'EENVELOPE',
        command: 'MAIL FROM',
      })
    : thrown;
}
