import { roamingStatus } from './roamingStatus';

/** Every API that an operator may offer. */
export const apis = [roamingStatus] as const;

export type ApiName = (typeof apis)[number]['name'];

export type { Api } from './api';
