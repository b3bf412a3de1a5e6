import { readFileSync, writeFileSync } from 'node:fs';
import {
  formatRecording,
  parseRecording,
  RecordingHttpClient,
  Redactor,
  rejectUnknownKeys,
  ReplayHttpClient,
} from '@tenon/core';
import type { HttpClient, HttpRequest, HttpResponse, Recording } from '@tenon/core';
import { testCrypto } from '../platform/test-crypto.js';

/** Options of {@link replayHttp} and {@link recordHttp}. */
export interface RecordingOptions {
  /** Secrets of the test that requests hold in their paths or bodies; others are told by their names. */
  readonly secrets?: readonly string[];
  /** Names of headers and parameters that carry credentials, where they do not sound like it. */
  readonly secretNames?: readonly string[];
}

/** An {@link HttpClient} that answers from a recording. */
export interface ReplayHttp extends HttpClient {
  /** What the recording is of. */
  readonly recording: Recording;
  /** Requests of the recording that nobody has asked, as `GET https://…`. */
  readonly left: readonly string[];
}

/** An {@link HttpClient} that notes what goes through it. */
export interface RecordHttp extends HttpClient {
  /** Writes what was recorded so far, without secrets. */
  save(file: string): void;
}

function toolsOf(options: RecordingOptions, names: readonly string[]) {
  const redactor = new Redactor(testCrypto, [...names, ...(options.secretNames ?? [])]);
  redactor.add(...(options.secrets ?? []));
  return { redactor, crypto: testCrypto };
}

const KEYS = ['secrets', 'secretNames'];

/**
 * Answers every request from a file that `tenon run --record` or {@link recordHttp} wrote; no network is asked. Requests are told by
 * method, URL and body; what was asked several times is answered in the order of then. A request that was not recorded fails with
 * `RECORDING_MISMATCH`, naming the nearest.
 * @throws TenonError `RECORDING_INVALID`, naming the line.
 */
export function replayHttp(file: string, options: RecordingOptions = {}): ReplayHttp {
  rejectUnknownKeys('replayHttp', options, KEYS);
  const recording = parseRecording(readFileSync(file, 'utf8'));
  const client = new ReplayHttpClient(recording.exchanges, toolsOf(options, recording.secretNames));
  return {
    recording,
    get left() {
      return client.left.map(({ request: { method, url } }) => `${method} ${url}`);
    },
    send: (request: HttpRequest): Promise<HttpResponse> => client.send(request),
    close: () => client.close(),
  };
}

/** Hands every request on to `http`, and keeps it with its answer. */
export function recordHttp(http: HttpClient, options: RecordingOptions = {}): RecordHttp {
  rejectUnknownKeys('recordHttp', options, KEYS);
  const client = new RecordingHttpClient(http, toolsOf(options, []));
  const { secretNames = [] } = options;
  return {
    send: (request) => client.send(request),
    close: () => client.close(),
    save: (file) => {
      const { exchanges } = client;
      const head = { integration: null, job: null, input: null, secretNames };
      writeFileSync(file, formatRecording({ ...head, exchanges }));
    },
  };
}
