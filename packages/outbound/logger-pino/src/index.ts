export { createPinoLogger } from './create-pino-logger.js';
export type { LogLevel, PinoLoggerOptions } from './create-pino-logger.js';
