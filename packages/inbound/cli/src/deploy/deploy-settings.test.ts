import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { functionEntries } from '../build/function-entries.js';
import { entriesFlag, parseFlags } from '../flags.js';
import { awsFailure } from './aws-failure.js';
import { requireFunctions } from './container-app.js';
import { readDeploySettings, requireParameters } from './deploy-settings.js';
import type { GivenSettings } from './deploy-settings.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tenon-deploy-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const nothing: GivenSettings = {
  stack: null,
  region: null,
  bucket: null,
  role: null,
  parameter: [],
};
const read = (deploy: unknown, given: Partial<GivenSettings> = {}) => {
  const manifest = { name: '@acme/Orders', version: '1.2.3', tenon: { deploy } };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest));
  return readDeploySettings(cwd, { ...nothing, ...given });
};

describe('where an app is deployed to', () => {
  it('is said on the command line, in package.json, or follows from the name', () => {
    expect(read(undefined)).toEqual({
      stack: 'orders',
      region: null,
      bucket: null,
      role: null,
      parameters: new Map(),
    });
    const own = {
      stack: 'orders-live',
      region: 'eu-central-1',
      bucket: 'acme-releases',
      role: 'arn:aws:iam::123456789012:role/ci/resources',
      parameters: { MemoryMb: 512, LogLevel: 'warn' },
    };
    const parameter = [['MemoryMb', '2048']] as const;
    expect(read(own, { region: 'us-gov-west-1', parameter })).toEqual({
      stack: 'orders-live',
      region: 'us-gov-west-1',
      bucket: 'acme-releases',
      role: 'arn:aws:iam::123456789012:role/ci/resources',
      parameters: new Map([
        ['MemoryMb', '2048'],
        ['LogLevel', 'warn'],
      ]),
    });
  });

  it.each([
    [[], 'tenon.deploy of package.json must be an object'],
    [{ buckets: 'x' }, "tenon.deploy of package.json has 'buckets'; did you mean 'bucket'?"],
    [{ stack: 7 }, 'stack in tenon.deploy of package.json must be a text'],
    [{ stack: 'my stack' }, "'my stack' is no name of a stack"],
    [{ region: 'europe' }, "'europe' is no name of a region"],
    [{ role: 'admin' }, "'admin' is no name of a role"],
    [{ bucket: 'My_Bucket' }, "'My_Bucket' is no name of a bucket"],
    [{ parameters: { A: true } }, 'The parameter A in tenon.deploy of package.json must be'],
  ])('refuses %j', (deploy, message) => {
    expect(() => read(deploy)).toThrow(message);
  });

  it('has the parameters of the template, but for those that a deployment decides', () => {
    const known = ['CodeKey', 'MemoryMb', 'PublicUrl'];
    const check = (name: string) => () => requireParameters(new Map([[name, '1']]), known);
    expect(check('MemoryMb')).not.toThrow();
    expect(check('MemoryMB')).toThrow('no parameter MemoryMB; did you mean MemoryMb?');
    expect(check('CodeKey')).toThrow('CodeKey is set by tenon deploy itself');
  });

  it('takes several parameters, whose values may have anything in them', () => {
    const flags = { parameter: entriesFlag('NAME=VALUE', 'Parameter') };
    const parse = (...args: string[]) => parseFlags(flags, args).flags.parameter;
    expect(parse()).toEqual([]);
    expect(parse('--parameter', 'A=1', '--parameter=B=x=y', '--parameter', 'C=')).toEqual([
      ['A', '1'],
      ['B', 'x=y'],
      ['C', ''],
    ]);
    expect(() => parse('--parameter', 'A')).toThrow("must be of the form NAME=VALUE, not 'A'");
  });
});

describe('an app without functions', () => {
  const look = () => requireFunctions(cwd, () => functionEntries(cwd));

  it('is told how containers are deployed when it has a Dockerfile', () => {
    read(undefined);
    mkdirSync(join(cwd, 'deploy'));
    writeFileSync(join(cwd, 'deploy/Dockerfile'), 'FROM node:22-slim\n');
    expect(look).toThrow(
      /docker build -f deploy\/Dockerfile -t registry\.example\/orders:1\.2\.3 \./,
    );
    expect(look).toThrow('kubectl apply -f deploy/kubernetes.yaml');
  });

  it('is told where functions are looked for when it has none', () => {
    expect(look).toThrow('No function found');
  });
});

describe('an error of the SDK', () => {
  const call = { client: 'S3Client', command: 'HeadObjectCommand' };
  const explain = (error: object) =>
    awsFailure(Object.assign(new Error('UnknownError'), error), call);

  it.each([
    [
      { name: '403', $metadata: { httpStatusCode: 403 } },
      'AWS_DENIED',
      's3:GetObject and s3:ListBucket',
    ],
    [{ name: 'CredentialsProviderError' }, 'AWS_CREDENTIALS', '--profile'],
    [{ name: 'ExpiredTokenException' }, 'AWS_CREDENTIALS', 'aws sso login'],
    [{ name: 'Error', message: 'Region is missing' }, 'AWS_CREDENTIALS', '--region'],
    [{ name: 'Error', code: 'ENOTFOUND' }, 'AWS_UNREACHABLE', 's3:GetObject'],
    [{ name: 'TimeoutError' }, 'AWS_UNREACHABLE', 'AWS_ENDPOINT_URL'],
  ])('%j says what to do', (error, code, text) => {
    expect(explain(error)).toMatchObject({ code, message: expect.stringContaining(text) });
  });

  it('that is not known is left as it is', () => {
    const error = Object.assign(new Error('x'), { name: 'NotFound' });
    expect(awsFailure(error, call)).toBe(error);
  });
});
