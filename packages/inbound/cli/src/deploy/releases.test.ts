import { expect, it } from '@jest/globals';

import { specificationProblems } from '../synth/aws/resource-specification.fixture.js';
import { Evaluation } from '../synth/aws/template-evaluation.fixture.js';
import type { Template } from '../synth/aws/template.js';
import { releasesTemplate } from './releases.js';

it('the stack with the bucket of releases fits the resource specification', () => {
  const template = { ...releasesTemplate, Parameters: {}, Rules: {}, Conditions: {} };
  const evaluation = new Evaluation(template as unknown as Template, {});
  expect(specificationProblems(evaluation)).toEqual([]);
  expect(evaluation.resources.get('Releases')).toMatchObject({
    UpdateReplacePolicy: 'Retain',
    Properties: { PublicAccessBlockConfiguration: { RestrictPublicBuckets: true } },
  });
});
