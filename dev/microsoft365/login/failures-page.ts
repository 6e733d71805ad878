import type { FailureSwitches } from '../failure-switches.ts';
import { page, text } from './pages.ts';
import type { Reply } from './reply.ts';

/** `GET /failures`: what can go wrong, each with its switch. */
export function showFailures(switches: FailureSwitches): Reply {
  const listed = switches.list();
  const row = ({ name, about, isOn }: (typeof listed)[number]) => `<li>
        <button class="account" name="${isOn ? 'stop' : 'start'}" value="${text(name)}">${isOn ? '● ' : ''}${text(name)}
        <span>${isOn ? 'Is on; press to undo. ' : ''}${text(about)}</span></button></li>`;
  // What is on comes first.
  const rows = [...listed.filter(({ isOn }) => isOn), ...listed.filter(({ isOn }) => !isOn)].map(row);
  return {
    kind: 'page',
    status: 200,
    html: page(
      'What is to go wrong?',
      `<form method="post" action="/failures">
      <p>For <input name="address" type="email" placeholder="everybody" aria-label="Only for this address"></p>
      <ul>${rows.join('')}</ul>
    </form>`,
    ),
  };
}

/** `POST /failures` with `start` or `stop` and, where it is meant for one, `address`. */
export async function switchFailure(switches: FailureSwitches, form: URLSearchParams): Promise<Reply> {
  const [start, stop, address] = [form.get('start'), form.get('stop'), form.get('address')];
  try {
    if (stop !== null) await switches.stop(stop);
    if (start !== null) await switches.start(start, address === null || address === '' ? undefined : address);
  } catch (error) {
    return { kind: 'json', status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
  }
  return { kind: 'redirect', location: '/failures' };
}
