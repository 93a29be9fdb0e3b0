import type { INodeProperties } from 'n8n-workflow';
import {
	ipv4AddressIn,
	parseIpv4Address,
	parseIpv6Address,
	parseNetworkAccessIdentifier,
	parsePhoneNumber,
	parsePort,
	type Device,
} from '../device';
import { OpenGatewayError } from '../errors';
import { asObject } from '../json';

export const kinds = [
	{
		name: 'IPv4 Address',
		value: 'ipv4Address',
		description: 'Public address from which the device reaches your server',
	},
	{
		name: 'IPv6 Address',
		value: 'ipv6Address',
		description: 'Address from which the device reaches your server',
	},
	{
		name: 'Network Access Identifier',
		value: 'networkAccessIdentifier',
		description: 'Identifier that the operator assigned to the device, like 123456789@domain.com',
	},
	{
		name: 'Phone Number',
		value: 'phoneNumber',
		description: 'Number of the SIM card in the device (MSISDN)',
	},
];

const nothing = {
	name: 'Let Operator Identify It',
	value: 'nothing',
	description: 'The operator recognises the phone that opens the URL. Not supported by Telefónica.',
};

const noDevice = {
	name: 'None',
	value: 'nothing',
	description:
		'With Client Credentials, an access token or an API key, access is that of the application',
};

const identifiers: INodeProperties[] = [
	{
		displayName: 'Phone Number',
		name: 'phoneNumber',
		type: 'string',
		required: true,
		displayOptions: { show: { identifierType: ['phoneNumber'] } },
		default: '',
		placeholder: 'e.g. +34600123456',
		description:
			'With its country, like +34600123456 or 0034600123456. Spaces, dashes and parentheses are ignored.',
	},
	{
		displayName: 'IPv4 Address',
		name: 'ipv4Address',
		type: 'string',
		required: true,
		displayOptions: { show: { identifierType: ['ipv4Address'] } },
		default: '',
		placeholder: 'e.g. 80.90.34.2',
		description: 'Public address from which the device reaches your server',
	},
	{
		displayName: 'Port',
		name: 'port',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 65535 },
		displayOptions: { show: { identifierType: ['ipv4Address'] } },
		default: 0,
		description:
			'Port from which the device reaches your server, which tells devices behind one address apart. Set to 0 if unknown.',
	},
	{
		displayName: 'Private Address',
		name: 'privateAddress',
		type: 'string',
		displayOptions: { show: { identifierType: ['ipv4Address'] } },
		default: '',
		placeholder: 'e.g. 10.0.0.1',
		description:
			'Address of the device in the operator’s network. Operators of CAMARA accept it instead of the port with Client Credentials, an access token or an API key.',
	},
	{
		displayName: 'IPv6 Address',
		name: 'ipv6Address',
		type: 'string',
		required: true,
		displayOptions: { show: { identifierType: ['ipv6Address'] } },
		default: '',
		placeholder: 'e.g. 2001:db8::1',
		description: 'Address from which the device reaches your server',
	},
	{
		displayName: 'Network Access Identifier',
		name: 'networkAccessIdentifier',
		type: 'string',
		required: true,
		displayOptions: { show: { identifierType: ['networkAccessIdentifier'] } },
		default: '',
		placeholder: 'e.g. 123456789@domain.com',
		description:
			'Identifier that the operator assigned to the device. The backend flows do not support it.',
	},
];

const fromCallback = {
	name: 'Authorization Callback',
	value: 'authorizationCallback',
	description: 'The phone that came back from an authorization URL to your webhook',
};

const signedIn = {
	name: 'Signed-In Phone',
	value: 'signedInPhone',
	description: 'The phone whose owner connected the OAuth2 credential',
};

const identifierType = {
	displayName: 'Identify Device By',
	name: 'identifierType',
	type: 'options',
	noDataExpression: true,
	options: [fromCallback, ...kinds, signedIn],
	default: 'phoneNumber',
	description: 'How the operator is told which device is meant',
} satisfies INodeProperties;

/** The fields that identify the device. */
export const description: INodeProperties[] = [identifierType, ...identifiers];

/** The same, with the choice to let the operator identify the device. */
export const optionalDescription: INodeProperties[] = [
	{ ...identifierType, options: [...kinds, nothing], default: 'nothing' },
	...identifiers,
];

/** The same, for a device that a request names. */
export const namedDescription: INodeProperties[] = [
	{ ...identifierType, options: kinds },
	...identifiers,
];

/** The same, for the device whose access is used, if it is that of a device. */
export const ownerDescription: INodeProperties[] = [
	{
		...identifierType,
		options: [...kinds, noDevice],
		default: 'nothing',
		description: 'With CIBA or JWT Bearer, access is for one device, and reaches its subscriptions',
	},
	...identifiers,
];

/** The options of these fields. */
export const options: INodeProperties[] = [
	{
		displayName: 'Default Calling Code',
		name: 'defaultCallingCode',
		type: 'string',
		default: '',
		placeholder: 'e.g. 34',
		description:
			'Country calling code for phone numbers that have none, such as 34 for Spain. Numbers that are not possible there are rejected. If empty, all numbers without one are.',
	},
];

/** Reads a parameter of a node, of one item if the node has items. */
export type ReadField = (name: string) => unknown;

/**
 * The device that the fields identify.
 * @throws {OpenGatewayError} `INVALID_DEVICE`, or `UNSUPPORTED_DEVICE` for a choice that needs another credential
 */
export function readDevice(field: ReadField): Device {
	const device = readOptionalDevice(field);
	if (device) return device;
	throw noIdentifier();
}

/** The same; `undefined` if the operator is to identify the device. */
export function readOptionalDevice(field: ReadField): Device | undefined {
	switch (field('identifierType')) {
		case 'networkAccessIdentifier':
			return {
				networkAccessIdentifier: parseNetworkAccessIdentifier(field('networkAccessIdentifier')),
			};
		case 'ipv4Address': {
			const publicAddress = parseIpv4Address(field('ipv4Address'));
			const publicPort = parsePort(field('port'));
			const written = field('privateAddress') ?? '';
			const privateAddress =
				written === '' ? undefined : parseIpv4Address(written, 'Private Address');
			return {
				ipv4Address: {
					publicAddress,
					...(privateAddress && { privateAddress }),
					...(publicPort && { publicPort }),
				},
			};
		}
		case 'ipv6Address': {
			const ipv6Address = parseIpv6Address(field('ipv6Address'));
			const publicAddress = ipv4AddressIn(ipv6Address);
			return publicAddress ? { ipv4Address: { publicAddress } } : { ipv6Address };
		}
		case 'phoneNumber': {
			const { defaultCallingCode } = asObject(field('options'));
			return { phoneNumber: parsePhoneNumber(field('phoneNumber'), defaultCallingCode) };
		}
		case 'nothing':
			return undefined;
		case 'authorizationCallback':
			throw needsOtherCredential('Authorization Callback', 'Open Gateway API');
		case 'signedInPhone':
			throw needsOtherCredential('Signed-In Phone', 'Open Gateway OAuth2 API');
		default:
			throw noIdentifier();
	}
}

function noIdentifier(): OpenGatewayError {
	return new OpenGatewayError("'Identify Device By' has no valid value.", {
		remedy: 'Select it again.',
		code: 'INVALID_DEVICE',
	});
}

function needsOtherCredential(choice: string, credential: string): OpenGatewayError {
	return new OpenGatewayError(`'${choice}' needs a credential of the type ${credential}.`, {
		remedy: "Select one in the node, or make another choice in 'Identify Device By'.",
		code: 'UNSUPPORTED_DEVICE',
	});
}
