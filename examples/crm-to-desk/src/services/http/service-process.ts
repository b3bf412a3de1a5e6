/** A service that runs until its process is told to stop. */
export interface Closable {
  close(): Promise<void>;
}

/**
 * Runs a service as a process: prints one JSON line on stdout when it is ready, stops on SIGTERM,
 * SIGINT, or the end of stdin when `STOP_WITH_STDIN` is set, and says on stderr why it
 * cannot start.
 */
export async function runService<Service extends Closable>(
  start: () => Promise<Service>,
  describe: (service: Service) => Readonly<Record<string, unknown>>,
): Promise<void> {
  try {
    const service = await start();
    const stop = () => {
      void service.close().then(() => process.exit(0));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    if (process.env['STOP_WITH_STDIN'] === '1') process.stdin.resume().once('end', stop);
    process.stdout.write(`${JSON.stringify(describe(service))}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'Cannot start.'}\n`);
    process.exitCode = 1;
  }
}
