import { describe, expect, it } from '@jest/globals';
import { errorCategories } from '@tenon/core';
import { statusOf } from '@tenon/http-express';
import { statusByCategory } from '@tenon/lambda';

describe('error tables', () => {
  it('give one status per category, wherever the error comes out', () => {
    for (const category of errorCategories) {
      expect(`${category} ${statusByCategory[category]}`).toBe(`${category} ${statusOf[category]}`);
    }
  });
});
