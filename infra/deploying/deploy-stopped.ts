/** The deployment cannot go on: why, and what the person who started it can do. */
export class DeployStopped extends Error {
  override readonly name = 'DeployStopped';
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}
