import { camara } from './camara';
import { nokia } from './nokia';
import type { Operator } from './operator';
import { telefonica } from './telefonica';

/** Every operator that the credential offers, by the value that is stored. */
export const operators = { telefonica, nokia, camara } satisfies Record<string, Operator>;

export type { ApiDialect, Operator } from './operator';
