import type { Device } from '../device';
import { OpenGatewayError } from '../errors';
import type { ApiDialect, Operator } from './operator';
import { camaraErrors } from './sharedErrors';

/**
 * Device Roaming Status since v0.6.
 * @param version as the path has it, e.g. `v1`
 */
export function roamingStatusOf(version: string): ApiDialect {
	const path = `/device-roaming-status/${version}/retrieve`;
	return {
		path,
		scope: scopeOf('device-roaming-status:read'),
		request: (baseUrl, device, subject) => ({
			url: baseUrl + path,
			json: subject === 'subscriber' ? {} : { device: requireIdentifiableDevice(device) },
		}),
	};
}

/** Device Status v0.5, whose requests name the device even with a 3-legged token. */
const deviceStatus: ApiDialect = {
	path: '/device-status/v0/roaming',
	scope: scopeOf('device-status:roaming:read'),
	request: (baseUrl, device) => ({
		url: baseUrl + deviceStatus.path,
		json: { device: requireIdentifiableDevice(device) },
	}),
};

/** CAMARA Security and Interoperability Profile, "Purpose as a scope". */
function scopeOf(api: string): ApiDialect['scope'] {
	return (purpose, openId) => `${openId ? 'openid ' : ''}dpv:${purpose} ${api}`;
}

/** Any operator or aggregator of CAMARA's device status family. */
export const camara: Operator = {
	displayName: 'Other Operator (CAMARA)',
	description: 'Any operator or aggregator of a CAMARA API for the roaming status',
	choice: {
		field: 'apiVersion',
		displayName: 'API Version',
		description: 'Version in the path of the API, as the operator’s documents give it',
		default: 'v1',
		values: {
			v1: {
				displayName: 'v1',
				description: 'Device Roaming Status 1.0, 1.1 and 1.2: /device-roaming-status/v1/retrieve',
				traits: {},
			},
			'v0.6': {
				displayName: 'v0.6',
				description: 'Device Roaming Status 0.6: /device-roaming-status/v0.6/retrieve',
				traits: { apis: { roamingStatus: roamingStatusOf('v0.6') }, subscriptions: undefined },
			},
			'v0.5': {
				displayName: 'v0.5',
				description: 'Device Status 0.5: /device-status/v0/roaming',
				traits: {
					apis: { roamingStatus: deviceStatus },
					subscriptions: undefined,
					verifiesDevice: true,
				},
			},
			v0: {
				displayName: 'v0',
				description:
					'Device Roaming Status without a minor version: /device-roaming-status/v0/retrieve',
				traits: { apis: { roamingStatus: roamingStatusOf('v0') }, subscriptions: undefined },
			},
		},
	},
	grants: {
		ciba: ['privateKeyJwt', 'clientSecretBasic', 'clientSecretPost'],
		jwtBearer: [],
		authorizationCode: ['privateKeyJwt', 'clientSecretBasic', 'clientSecretPost'],
		clientCredentials: ['privateKeyJwt', 'clientSecretBasic', 'clientSecretPost'],
		accessToken: [],
	},
	verifiesDevice: false,
	// CAMARA Security and Interoperability Profile, "Refresh Token Issuance".
	refreshScope: 'offline_access',
	apis: { roamingStatus: roamingStatusOf('v1') },
	subscriptions: {
		path: '/device-roaming-status-subscriptions/v0.8/subscriptions',
		scope: scopeOf,
	},
	errors: camaraErrors,
};

/**
 * `Device`, which a request with a 2-legged token must hold and one with a 3-legged token must not
 * (Device Roaming Status, "Identifying the device from the access token").
 * @throws {OpenGatewayError} `UNSUPPORTED_DEVICE`
 */
export function requireIdentifiableDevice(given: Device | undefined): Device {
	const device = requireDevice(given);
	if ('ipv4Address' in device) {
		const { publicPort, privateAddress } = device.ipv4Address;
		if (publicPort === undefined && privateAddress === undefined) {
			throw new OpenGatewayError(
				'The operator cannot identify a device by an IPv4 address alone.',
				{
					remedy:
						"Select IPv4 Address in 'Identify Device By', and fill in 'Port' or 'Private Address', too.",
					code: 'UNSUPPORTED_DEVICE',
				},
			);
		}
	}
	return device;
}

/** @throws {OpenGatewayError} `UNSUPPORTED_DEVICE` */
export function requireDevice(device: Device | undefined): Device {
	if (device) return device;
	throw new OpenGatewayError('The device is not identified.', {
		remedy: "Identify it in 'Identify Device By', for example by its phone number.",
		code: 'UNSUPPORTED_DEVICE',
	});
}
