import { camara } from './camara';
import { nokia } from './nokia';
import { variantsOf, type Operator } from './operator';
import { orange } from './orange';
import { telefonica } from './telefonica';
import { vonage } from './vonage';

/** Every operator that the credential offers, by the value that is stored. */
export const operators = {
	telefonica,
	nokia,
	orange,
	vonage,
	camara,
} satisfies Record<string, Operator>;

/** The names of all APIs, as they stand before the version in a path. */
const API_NAMES = Object.values<Operator>(operators)
	.flatMap(variantsOf)
	.flatMap(([, { apis }]) => Object.values(apis))
	.map(({ path }) => path.split('/').at(-3));

/**
 * What is pasted behind the Base URL of an operator: slashes, or the path of an API or of an
 * endpoint. An API's name alone counts if it is one of this operator, and with any version if it is
 * one of any operator.
 */
export function pastedPath({ apis, endpoints }: Operator): RegExp {
	const version = String.raw`v(?:\d[\w.-]*|wip)(?:\/+[\w-]+)?`;
	const own = Object.values(apis).map(({ path }) => {
		const [, ...names] = path.split('/').slice(0, -2);
		return names.reduceRight((rest, name) => String.raw`${name}(?:\/+${rest})?`, version);
	});
	const ofEndpoints = Object.values(endpoints?.('') ?? {}).map((path) => path.slice(1));
	const paths = [
		...own,
		String.raw`(?:${[...new Set(API_NAMES)].join('|')})\/+${version}`,
		...ofEndpoints,
	];
	// It begins at the first of several slashes: from each of them, a long row would be read anew.
	return new RegExp(String.raw`(?<!\/)(?:\/+(?:${paths.join('|')}))?\/*$`);
}

export { variantsOf, withChoice } from './operator';
export type { ApiDialect, Operator, SubscriptionsDialect } from './operator';
