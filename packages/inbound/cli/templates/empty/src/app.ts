import { defineApp } from '@tenon/app';
import type { AppParts } from '@tenon/app';
import type { Environment } from '@tenon/core';

/** What the app is made of, given the environment that it runs in. */
export function parts(_environment: Environment): AppParts {
  return { connectors: [], integrations: [] };
}

export const app = defineApp(parts);
