import { ciba } from './ciba';
import type { Grant } from './grant';

/** Every grant that the credential offers, by the value it is saved under. */
export const grants = { ciba } satisfies Record<string, Grant>;

export type { AccessToken, AuthorizationServer, Grant } from './grant';
