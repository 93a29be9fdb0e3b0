import type { operators as operatorsOfTheForm } from '../../nodes/OpenGateway/operators';
import { camara } from './camara';
import { nokia } from './nokia';
import type { Operator } from './operation';
import { telefonica } from './telefonica';

export type OperatorName = keyof typeof operatorsOfTheForm;

/** The operators of the sandbox, by their names in `nodes/OpenGateway/operators`. */
export const operators: Readonly<Record<OperatorName, Operator>> = { telefonica, camara, nokia };

/** What a credential takes as the Base URL of each operator at an origin. */
export type BaseUrls = Readonly<Record<OperatorName, string>>;

export function baseUrlsAt(origin: string): BaseUrls {
	const urls = Object.entries(operators).map(([name, { path }]) => [name, origin + path]);
	return Object.fromEntries(urls) as BaseUrls;
}
