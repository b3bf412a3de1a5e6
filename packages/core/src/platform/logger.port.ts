/** Fields of a log line. Values of type `Secret` print as `[secret]`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logging. Implementations never throw. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  child(fields: LogFields): Logger;
}

const ignore = (): void => undefined;

/** A logger that drops everything. */
export const silentLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  child: () => silentLogger,
};
