import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

import { deploymentBench } from './deployment-bench.fixture.js';

interface Policy {
  readonly Statement: readonly { readonly Action: string | readonly string[] }[];
}

const guide = new URL('../../../../../docs/guides/deploying-serverless.md', import.meta.url);

/** The actions of the policy in the guide. */
function allowed(): Set<string> {
  const text = readFileSync(fileURLToPath(guide), 'utf8').split('## Permissions')[1] ?? '';
  const json = /```json\n([^`]+)```/.exec(text)?.[1] ?? '';
  return new Set((JSON.parse(json) as Policy).Statement.flatMap(({ Action }) => Action));
}

const bench = deploymentBench();

describe('the permissions in the guide', () => {
  it('are those that deploying, going back and beginning anew need, and no others', async () => {
    const { aws, api } = bench.world;
    aws.failResource('FunctionApi', { reason: 'no' });
    await expect(bench.deploy()).rejects.toMatchObject({ code: 'DEPLOY_FAILED' });
    await bench.deploy({ recreate: true, bucket: null });
    aws.failResource('FunctionApi', { reason: 'no', alsoGoingBack: true });
    await expect(bench.deploy({ code: 'v2' })).rejects.toMatchObject({
      code: 'DEPLOY_ROLLED_BACK',
    });
    api.enqueue({ status: 503 });
    await expect(bench.deploy({ code: 'v2' })).rejects.toMatchObject({
      code: 'DEPLOY_ROLLED_BACK',
    });
    await bench.deploy({ previewOnly: true, code: 'v3' });

    const called = new Set(
      aws.calls.map((call) => call.replace(/\.Invoke$/, '.InvokeFunction').replace('.', ':')),
    );
    const others = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 'iam:PassRole'];
    expect([...allowed()].sort()).toEqual([...called, ...others].sort());
  });
});
