import { signInAddress, type Account } from '../accounts/account.ts';
import type { AppRegistration } from '../accounts/app-registration.ts';
import { credentialRemedy } from '../accounts/credential-remedy.ts';
import { commands } from './exchange-commands.ts';

/** What the remedies are filled in with. */
export interface SignInFacts {
  readonly account: Account;
  readonly app: AppRegistration;
  /** Where an administrator approves the application; undefined where there is no such page. */
  readonly approvalUrl: string | undefined;
  readonly redirectUri: string;
}

type Remedy = (facts: SignInFacts) => string;

const connectAgain: Remedy = ({ account }) =>
  `Connect it again: POST /v1/accounts/${account.id}/connect, and open authorizeUrl as ${signInAddress(account)}.`;

const approve: Remedy = (facts) =>
  `${facts.approvalUrl === undefined ? 'An administrator approves the application' : `An administrator opens ${facts.approvalUrl} and accepts`}; then: ${connectAgain(facts)}`;

const secondFactor: Remedy = (facts) => `${connectAgain(facts)} Microsoft asks for the second factor there, once.`;

const policy: Remedy = ({ account, app }) =>
  `A Conditional Access administrator opens Entra admin centre, Users, ${signInAddress(account)}, Sign-in logs, the failed sign-in, tab "Conditional Access", and excludes the application ${app.clientId} from the policy named there.`;

const assign: Remedy = ({ account, app }) =>
  `Entra admin centre, Enterprise applications, ${app.clientId}, Users and groups: add ${signInAddress(account)} (or Properties, "Assignment required?": No).`;

const elsewhere: Remedy = ({ account, app }) =>
  `Get-MgUser -UserId ${signInAddress(account)} shows whether the tenant has this person. The tenant that is set is "${app.tenant}"; for mailboxes of other organisations set PUT /v1/app {"clientId": "${app.clientId}", "tenant": "organizations"}.`;

const enableUser: Remedy = ({ account }) =>
  `${commands.enable(signInAddress(account))}, or give the account another person.`;

const registration: Remedy = ({ app, approvalUrl }) =>
  `Compare client id ${app.clientId} and tenant "${app.tenant}" with the registration: az ad app show --id ${app.clientId} --query "{audience:signInAudience}"; set what is right with PUT /v1/app.` +
  (approvalUrl === undefined
    ? ''
    : ` In another organisation an administrator installs the application at ${approvalUrl}`);

const enableApplication: Remedy = ({ app }) => commands.enableApplication(app.clientId);

const redirect: Remedy = ({ app, redirectUri }) =>
  `Register this redirect URI on the platform Web, letter by letter: ${redirectUri} (${commands.redirectUri(app.clientId, redirectUri)}; name those it has already, too).`;

const permissions: Remedy = (facts) => `${commands.permissions(facts.app.clientId)}. ${approve(facts)}`;

const licence: Remedy = ({ account }) =>
  `The organisation needs Exchange Online, and the mailbox a licence of it: ${commands.licences(account.address)}.`;

const credential: Remedy = ({ app }) => credentialRemedy(app);

const confidential: Remedy = ({ app }) =>
  `az ad app update --id ${app.clientId} --is-fallback-public-client false, and register the redirect URI on the platform Web.`;

const cloud: Remedy = () =>
  'The tenant is in another Microsoft cloud: set MICROSOFT_CLOUD to it, with an app registration of that cloud.';

const wait: Remedy = () =>
  'Nothing: Postern tries again by itself. If it stays so for hours, see https://status.cloud.microsoft.';

const groups: readonly (readonly [Remedy, readonly number[]])[] = [
  [connectAgain, [50173, 50132, 50133, 50089, 54005, 501481, 70000, 70008, 70043, 700082]],
  [approve, [65001, 700020, 90093, 90094, 90095, 90099]],
  [secondFactor, [50074, 50076, 50078, 50079]],
  [policy, [53000, 53001, 53003, 530003]],
  [assign, [50105]],
  [elsewhere, [50020, 50034]],
  [enableUser, [50057]],
  [registration, [50194, 90002, 700005, 700011, 700016, 9001023]],
  [enableApplication, [70001, 7000112]],
  [redirect, [50011, 500112, 9002325]],
  [permissions, [65005, 650053, 650056, 650057]],
  [licence, [650052]],
  [confidential, [700025]],
  [credential, [7000215, 7000218, 7000222, 700027, 7000214, 1000502, 70021, 70025, 700211, 700212, 700213, 700229]],
  [cloud, [90038, 900382, 900432]],
  [wait, [50033, 50087, 50196, 90006, 90024, 90033, 90055, 90090]],
];

const remedies = new Map(groups.flatMap(([remedy, numbers]) => numbers.map((number) => [String(number), remedy])));

/** What to do about one of Microsoft's sign-in errors, in this very case; undefined for a number nobody knows. */
export function signInRemedy(aadsts: string | undefined, facts: SignInFacts): string | undefined {
  return aadsts === undefined ? undefined : remedies.get(aadsts)?.(facts);
}
