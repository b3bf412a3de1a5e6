export { createPinoLogger } from './create-pino-logger.js';
export type { PinoLoggerOptions } from './create-pino-logger.js';
export type { LogLevel } from './log-level.js';
