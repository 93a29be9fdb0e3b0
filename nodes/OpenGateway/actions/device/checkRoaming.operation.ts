import { roamingStatus } from '../../apis/roamingStatus';
import { descriptionFor, prepareFor } from './deviceOperation';

export const description = descriptionFor('checkRoaming');

/** The device and its roaming status; every field is always there. */
export const prepare = prepareFor(roamingStatus);
