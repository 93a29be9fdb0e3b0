import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import type { ClientAuthenticationName } from '../authorization';
import type { Operator } from '../operators';

/** The entries of a table as the choices of a field: all of them, or those that `offered` names. */
export function optionsOf(
	table: Readonly<Record<string, { displayName: string; description: string }>>,
	offered: readonly string[] = Object.keys(table),
) {
	return Object.entries(table)
		.filter(([value]) => offered.includes(value))
		.map(([value, { displayName: name, description }]) => ({ name, value, description }));
}

/** The field of an operator's choice, with the values that `offered` names. */
export function choiceField(
	{ field, displayName, description, default: byDefault, values }: NonNullable<Operator['choice']>,
	offered: readonly string[],
	show: IDisplayOptions['show'],
): INodeProperties {
	return {
		displayName,
		name: field,
		type: 'options',
		displayOptions: { show },
		options: optionsOf(values, offered),
		default: byDefault,
		description,
	};
}

/** The client authentications of an operator, its default first. */
export function clientAuthenticationsOf({
	grants,
}: Pick<Operator, 'grants'>): ClientAuthenticationName[] {
	return [...new Set(Object.values(grants).flat())];
}

/**
 * The name of the field Client Authentication. The form has one default for all fields of a name, so
 * operators with the same default share a field.
 */
export function clientAuthenticationField(operator: Pick<Operator, 'grants'>): string {
	const [byDefault] = clientAuthenticationsOf(operator);
	return byDefault === 'privateKeyJwt' ? 'camaraClientAuthentication' : 'clientAuthentication';
}

/** What the field Base URL says, and whether it may be left empty. */
export function baseUrlTexts({ defaultBaseUrl }: Operator) {
	return defaultBaseUrl === undefined
		? {
				required: true,
				placeholder: 'e.g. https://api.example.com/apigateway',
				description:
					'Address of the operator’s APIs: everything before the name of the API, as in /device-roaming-status/v1',
			}
		: {
				required: false,
				placeholder: defaultBaseUrl,
				description: 'Address of the operator’s APIs. Leave empty to use the default.',
			};
}

/** The second address of an operator whose endpoints follow from one. */
export const authorizationBaseUrlField = {
	displayName: 'Authorization Base URL',
	name: 'authorizationBaseUrl',
	type: 'string',
	default: '',
	description:
		'Address of the operator’s authorization server, if its documents give another one than for the APIs. Leave empty to use the default.',
} as const satisfies INodeProperties;
