/** Calls the `/__control/` endpoints of a service. */
export class ControlClient {
  readonly #url: string;

  /** @param url the service's address. */
  constructor(url: string) {
    this.#url = `${url}/__control/`;
  }

  /** @throws Error when the service does not answer 200. */
  async get<Result>(path: string): Promise<Result> {
    return await this.#call<Result>(path, {});
  }

  /** @throws Error when the service does not answer 200. */
  async post<Result>(path: string, body: Readonly<Record<string, unknown>> = {}): Promise<Result> {
    const headers = { 'content-type': 'application/json' };
    return await this.#call<Result>(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #call<Result>(path: string, init: RequestInit): Promise<Result> {
    const response = await fetch(this.#url + path, init);
    if (response.status === 200) return (await response.json()) as Result;
    throw new Error(`${this.#url}${path} answered ${response.status}: ${await response.text()}`);
  }
}
