import type { Call } from './call.ts';
import type { SecretStore } from './secret-store.ts';

/** Removes a secret that nothing names any more. Never throws: one that stays behind is litter, not a reason to fail. */
export async function forgetSecret(call: Call, name: string, secrets: SecretStore): Promise<void> {
  try {
    await secrets.remove(name);
  } catch (cause) {
    call.log.warn('A secret that nothing names any more stays in the key vault.', { secret: name, cause });
  }
}
