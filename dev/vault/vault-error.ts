/** A refusal as Key Vault words it. https://learn.microsoft.com/rest/api/keyvault/#error-response */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly status: number;
  readonly code: string;
  /** The reason behind the code, where Key Vault gives one. */
  readonly innerCode: string | undefined;

  constructor(status: number, code: string, message: string, innerCode?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.innerCode = innerCode;
  }

  toJSON(): unknown {
    const innererror = this.innerCode === undefined ? undefined : { code: this.innerCode };
    return { error: { code: this.code, message: this.message, innererror } };
  }
}

/** What the caller sent is not acceptable. */
export function badParameter(message: string): VaultError {
  return new VaultError(400, 'BadParameter', message);
}
