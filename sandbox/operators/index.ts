import type { operators as operatorsOfTheForm } from '../../nodes/OpenGateway/operators';
import { camara } from './camara';
import { nokia } from './nokia';
import type { Operator } from './operation';
import { orange, orangeLab } from './orange';
import { telefonica } from './telefonica';
import { vonage } from './vonage';

/** An operator of the form, or an environment of one that has another address. */
export type OperatorName = keyof typeof operatorsOfTheForm | 'orangeLab';

/** The operators of the sandbox, by their names in `nodes/OpenGateway/operators`. */
export const operators: Readonly<Record<OperatorName, Operator>> = {
	telefonica,
	camara,
	nokia,
	orange,
	orangeLab,
	vonage,
};

/** What a credential takes as the Base URL of each operator at an origin. */
export type BaseUrls = Readonly<Record<OperatorName, string>>;

export function baseUrlsAt(origin: string): BaseUrls {
	const urls = Object.entries(operators).map(([name, { path }]) => [name, origin + path]);
	return Object.fromEntries(urls) as BaseUrls;
}

/** What a credential takes as the Authorization Base URL: empty if it is the Base URL. */
export function authorizationBaseUrlAt(origin: string, name: OperatorName): string {
	const { authorizationPath } = operators[name];
	return authorizationPath === undefined ? '' : origin + authorizationPath;
}
